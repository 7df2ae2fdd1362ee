import { follow } from '../../web/parallel/follower.js';
import { Replicas } from '../../web/parallel/index.js';
import type { ReplicasOptions, ReplicaThread, StartMessage } from '../../web/parallel/index.js';
import { engine, SENTENCES } from '../engine/engine.js';

/** A replica in the test's own thread: the same code and the same ports, with no thread to wait for. */
export class FakeThread implements ReplicaThread {
  terminated = false;
  #die: (why: string) => void = () => undefined;

  start(message: StartMessage): void {
    follow(message);
  }
  onDeath(listener: (why: string) => void): void {
    this.#die = listener;
  }
  terminate(): void {
    this.terminated = true;
  }
  die(why: string): void {
    this.#die(why);
  }
}

/** One that is started and never answers. */
export class SilentThread extends FakeThread {
  override start(): void {}
}

/** One that hears nothing any more from some moment on, as one that hangs. */
export class DeafThread extends FakeThread {
  #ports: readonly MessagePort[] = [];

  override start(message: StartMessage): void {
    this.#ports = [message.control, ...message.peers.filter((port) => port !== null)];
    super.start(message);
  }
  fallSilent(): void {
    for (const port of this.#ports) port.onmessage = null;
  }
}

/** Two layers, dropout and five streams: whatever could differ between replicas does. */
export const CONFIG = {
  hiddenSize: 11,
  numLayers: 2,
  dropout: 0.2,
  batchSize: 5,
  seqLen: 6,
  optimizer: { kind: 'adam', learningRate: 0.01 },
} as const;

export function startReplicas(count: number, options: Partial<ReplicasOptions> = {}): Promise<Replicas> {
  return Replicas.start({ engine, config: CONFIG, data: SENTENCES, count, spawn: () => new FakeThread(), ...options });
}
