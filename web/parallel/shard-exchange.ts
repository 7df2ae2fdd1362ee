import type { ShardGradients } from '../engine/index.js';

/** What travels from each replica to each other one in every step. The block changes its owner and is never copied. */
interface Parcel extends ShardGradients {
  /** Whether another step follows; that of replica 0 counts. */
  readonly more: boolean;
}

/** The parcels of a step, in the order of the replicas. */
export interface Traded {
  readonly replicas: readonly ShardGradients[];
  readonly more: boolean;
}

/**
 * One replica's end of the exchange of gradients: a port to each other replica.
 *
 * A block that has arrived is sent back, refilled, in the next step, so that after the first step none is allocated: with
 * N replicas each keeps its own block and N - 1 of others.
 */
export class ShardExchange {
  readonly #peers: readonly (Peer | null)[];
  #own: Float32Array<ArrayBuffer> | undefined;
  #failure: Error | null = null;

  /** @param ports to the other replicas by their index; null in this one's own place */
  constructor(ports: readonly (MessagePort | null)[]) {
    this.#peers = ports.map((port) => port && new Peer(port));
  }

  /** Where this replica's own gradients go; undefined before the first step. */
  get own(): Float32Array<ArrayBuffer> | undefined {
    return this.#own;
  }

  /**
   * Gives this replica's gradients to all others and waits for theirs. What it returns is valid until the next call.
   *
   * @throws whatever `fail()` was told
   */
  async trade(own: ShardGradients, more: boolean): Promise<Traded> {
    if (this.#failure !== null) throw this.#failure;
    this.#own = own.gradients;
    for (const peer of this.#peers) peer?.send(own, more);
    const parcels = await Promise.all(this.#peers.map((peer) => peer?.receive() ?? { ...own, more }));
    return { replicas: parcels, more: parcels[0]!.more };
  }

  /** Ends the exchange: whoever waits, or comes later, gets this error. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const peer of this.#peers) peer?.fail(this.#failure);
  }
}

/** The way to one other replica and back. */
class Peer {
  readonly #port: MessagePort;
  /** Parcels that came before they were asked for: a replica may be one step ahead. */
  readonly #arrived: Parcel[] = [];
  #waiting: { resolve(parcel: Parcel): void; reject(error: Error): void } | null = null;
  #spare: Float32Array<ArrayBuffer> | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Parcel>) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting === null) this.#arrived.push(data);
      else waiting.resolve(data);
    };
  }

  send({ loss, gradients }: ShardGradients, more: boolean): void {
    const block = this.#spare ?? new Float32Array(gradients.length);
    this.#spare = null;
    block.set(gradients);
    this.#port.postMessage({ loss, gradients: block, more } satisfies Parcel, [block.buffer]);
  }

  async receive(): Promise<Parcel> {
    const parcel =
      this.#arrived.shift() ??
      (await new Promise<Parcel>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      }));
    this.#spare = parcel.gradients;
    return parcel;
  }

  fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
    this.#port.close();
  }
}
