import type { FromWorker, Progress, RequestKind, Requests, ToWorker } from './protocol.js';

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

/** A request that was overtaken by a later one, or whose worker is gone. Nobody needs to be told. */
export class RequestCancelled extends Error {
  constructor() {
    super('the request was cancelled');
    this.name = 'RequestCancelled';
  }
}

/** The part of a Worker that the client needs; tests give it a port that answers in the same thread. */
export interface WorkerPort {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: FromWorker }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
  terminate(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/**
 * The page's end of the protocol: requests as promises, progress as a callback.
 *
 * A worker that dies takes its engine with it. All open requests are then cancelled, `onDeath` is told once, and the
 * next request starts a new worker.
 */
export class TrainingClient {
  readonly #makeWorker: () => WorkerPort;
  readonly #onProgress: (progress: Progress) => void;
  readonly #onDeath: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerPort | null = null;
  #lastId = 0;

  constructor(options: {
    makeWorker: () => WorkerPort;
    onProgress: (progress: Progress) => void;
    onDeath: () => void;
  }) {
    this.#makeWorker = options.makeWorker;
    this.#onProgress = options.onProgress;
    this.#onDeath = options.onDeath;
  }

  /** Starts the worker before there is a request, and waits until its thread runs, or has died. */
  wake(): Promise<void> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      worker.addEventListener('message', () => resolve());
      worker.addEventListener('error', () => resolve());
    });
  }

  /** Sends a request. Throws RequestError when it is refused, RequestCancelled when it is overtaken. */
  request<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
    transfer: Transferable[] = [],
  ): Promise<Requests[K]['value']> {
    return this.send(kind, args, transfer).answer;
  }

  /** Like `request`, and tells the id, which names the run that a `prepare` or `rewind` begins. */
  send<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
    transfer: Transferable[] = [],
  ): { id: number; answer: Promise<Requests[K]['value']> } {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#lastId;
    const answer = new Promise<Requests[K]['value']>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
    worker.postMessage({ kind, id, args } as ToWorker, transfer);
    return { id, answer };
  }

  /** Says that the last batch of progress is on the screen. */
  drawn(): void {
    this.#worker?.postMessage({ kind: 'drawn' }, []);
  }

  #start(): WorkerPort {
    const worker = this.#makeWorker();
    const die = (): void => {
      if (this.#worker !== worker) return;
      worker.terminate();
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new RequestCancelled());
      this.#waiting.clear();
      this.#onDeath();
    };
    worker.addEventListener('message', ({ data }) => {
      // A message may still be on its way from a worker that has been given up.
      if (this.#worker === worker) this.#receive(data);
    });
    worker.addEventListener('error', die);
    worker.addEventListener('messageerror', die);
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'awake') return;
    if (message.kind === 'progress') {
      this.#onProgress(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.kind === 'ok') waiting.resolve(message.value);
    else if (message.kind === 'error') waiting.reject(new RequestError(message.code, message.message));
    else waiting.reject(new RequestCancelled());
  }
}
