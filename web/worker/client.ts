import { Heartbeat } from './heartbeat.js';
import type { FromWorker, Progress, Request, RequestKind, Requests, ToWorker } from './protocol.js';

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

interface Open {
  readonly request: Request;
  /** Whether another worker is to be asked for it too. */
  readonly repeats: boolean;
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/**
 * The page's end of the protocol: requests as promises, progress as a callback.
 *
 * A worker that dies, by an exception or silently, takes its engine with it. Another one is started at once, which is told
 * what there was, and asked for what is open; whoever waits for an answer waits on.
 */
export class TrainingClient {
  readonly #options: TrainingClientOptions;
  readonly #open = new Map<number, Open>();
  #worker: WorkerPort | null = null;
  #heartbeat: Heartbeat | null = null;
  #onAwake: (() => void)[] = [];
  #isFirst = true;
  #isReplacing = false;
  #lastId = 0;

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

  /** Like `request`, and tells the id, which names the run that a `prepare` or `rewind` begins. */
  send<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
  ): { id: number; answer: Promise<Requests[K]['value']> } {
    const worker = this.#living();
    const id = ++this.#lastId;
    const request = { kind, id, args } as Request;
    const answer = new Promise<Requests[K]['value']>((resolve, reject) => {
      const repeats = !this.#isReplacing;
      this.#open.set(id, { request, repeats, resolve: resolve as (value: unknown) => void, reject });
    });
    worker.postMessage(request);
    return { id, answer };
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
    const open = [...this.#open.values()];
    this.#open.clear();
    if (!this.#options.onDeath()) {
      const reason = new RequestError(WORKER_STOPPED, 'the worker stopped');
      for (const { reject } of open) reject(reason);
      return;
    }
    const next = this.#living();
    for (const each of open) {
      if (!each.repeats) each.reject(new RequestCancelled());
      else {
        this.#open.set(each.request.id, each);
        next.postMessage(each.request);
      }
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
    const waiting = this.#open.get(message.id);
    if (waiting === undefined) return;
    this.#open.delete(message.id);
    if (message.kind === 'ok') waiting.resolve(message.value);
    else if (message.kind === 'error') waiting.reject(new RequestError(message.code, message.message));
    else waiting.reject(new RequestCancelled());
  }
}
