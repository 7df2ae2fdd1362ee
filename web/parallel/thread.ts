import type { StartMessage } from './protocol.js';

/** A thread that runs `worker.ts`, in a page or in Node. */
export interface ReplicaThread {
  start(message: StartMessage, transfer: Transferable[]): void;
  /** Tells, in a few words, why the thread has ended or cannot go on. */
  onDeath(listener: (why: string) => void): void;
  terminate(): void;
}

/** Makes one. */
export type SpawnReplica = () => ReplicaThread;
