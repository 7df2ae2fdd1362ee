import { Asker, CANCELLED } from '../parallel/rpc.js';
import type { Request } from '../parallel/rpc.js';
import { Heartbeat } from './heartbeat.js';
import type { FromWorker, Progress, ToWorker } from './protocol.js';
import type { Only } from './requests/request.js';
import type { RequestKind, Requests } from './requests/requests.js';

/** A request that the worker refused, with the engine's stable code and its sentence. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** A request that was overtaken by a later one. Nobody needs to be told. */
export class RequestCancelled extends Error {
  constructor() {
    super('the request was cancelled');
    this.name = 'RequestCancelled';
  }
}

/** The code of a request whose workers died too often. */
export const WORKER_STOPPED = 'WORKER_STOPPED';

/** The part of a Worker that the client needs; tests give it a port that answers in the same thread. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: { data: FromWorker }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
  terminate(): void;
}

export interface TrainingClientOptions {
  readonly makeWorker: () => WorkerPort;
  readonly onProgress: (progress: Progress) => void;
  /** The worker has replaced its engine. */
  readonly onMended: () => void;
  /** The worker is gone. Whether another is to take over what is open, which is refused otherwise. */
  readonly onDeath: () => boolean;
  /** Another worker begins: what is requested here comes before all else, and is not repeated when that one dies too. */
  readonly onReplaced: () => void;
}

/**
 * The page's end of the protocol: requests as promises, progress as a callback.
 *
 * A worker that dies, by an exception or silently, takes its engine with it. Another one is started at once, which is told
 * what there was, and asked for what is open; whoever waits for an answer waits on.
 */
export class TrainingClient {
  readonly #options: TrainingClientOptions;
  readonly #asker = new Asker<Requests>((code, message) =>
    code === CANCELLED ? new RequestCancelled() : new RequestError(code, message),
  );
  /** Requests that another worker is not to be asked for too. */
  readonly #unrepeated = new Set<number>();
  #worker: WorkerPort | null = null;
  #heartbeat: Heartbeat | null = null;
  #onAwake: (() => void)[] = [];
  #isFirst = true;
  #isReplacing = false;

  constructor(options: TrainingClientOptions) {
    this.#options = options;
  }

  /** Starts the worker before there is a request, and waits until its thread runs, or has died. */
  wake(): Promise<void> {
    this.#living();
    return new Promise((resolve) => this.#onAwake.push(resolve));
  }

  /** Sends a request. Throws RequestError when it is refused, RequestCancelled when it is overtaken. */
  request<K extends RequestKind>(kind: K, args: Requests[K]['args']): Promise<Requests[K]['value']> {
    return this.send(kind, args).answer;
  }

  /** Sends a request that only the one who asks knows, by the file that answers it. */
  ask<Module>(kind: keyof Module & string, args: Only<Module>['args']): Promise<Only<Module>['value']> {
    return this.request(kind as never, args as never) as Promise<Only<Module>['value']>;
  }

  /** Like `request`, and tells the id, which names the run that a `prepare` or `rewind` begins. */
  send<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
  ): { id: number; answer: Promise<Requests[K]['value']> } {
    const worker = this.#living();
    const sent = this.#asker.send(kind, args, (request) => worker.postMessage(request as Request<Requests>));
    if (this.#isReplacing) this.#unrepeated.add(sent.id);
    return sent;
  }

  /** Says that the last batch of progress is on the screen. */
  drawn(): void {
    this.#worker?.postMessage({ kind: 'drawn' });
  }

  #living(): WorkerPort {
    return this.#worker ?? this.#start();
  }

  #start(): WorkerPort {
    const worker = this.#options.makeWorker();
    const die = (): void => this.#die(worker);
    const heartbeat = new Heartbeat(() => worker.postMessage({ kind: 'ping' }), die);
    this.#worker = worker;
    this.#heartbeat = heartbeat;
    worker.addEventListener('message', ({ data }) => {
      // A message may still be on its way from a worker that has been given up.
      if (this.#worker === worker) this.#receive(data, heartbeat);
    });
    worker.addEventListener('error', die);
    worker.addEventListener('messageerror', die);
    if (!this.#isFirst) this.#replace();
    this.#isFirst = false;
    return worker;
  }

  #replace(): void {
    this.#isReplacing = true;
    this.#options.onReplaced();
    this.#isReplacing = false;
  }

  #die(worker: WorkerPort): void {
    if (this.#worker !== worker) return;
    worker.terminate();
    this.#heartbeat?.end();
    this.#worker = this.#heartbeat = null;
    this.#wakened();
    if (!this.#options.onDeath()) {
      this.#asker.fail(new RequestError(WORKER_STOPPED, 'the worker stopped'));
      return;
    }
    const { open } = this.#asker;
    const next = this.#living();
    for (const request of open) {
      const message = 'the worker that was asked has stopped';
      if (this.#unrepeated.delete(request.id))
        this.#asker.receive({ kind: 'error', id: request.id, code: CANCELLED, message });
      else next.postMessage(request);
    }
  }

  #wakened(): void {
    for (const resolve of this.#onAwake.splice(0)) resolve();
  }

  #receive(message: FromWorker, heartbeat: Heartbeat): void {
    heartbeat.heard();
    switch (message.kind) {
      case 'awake':
        this.#wakened();
        return;
      case 'pong':
        return;
      case 'busy':
        heartbeat.expectSilence(message.ms);
        return;
      case 'mended':
        this.#options.onMended();
        return;
      case 'progress':
        this.#options.onProgress(message);
        return;
    }
    this.#unrepeated.delete(message.id);
    this.#asker.receive(message);
  }
}
