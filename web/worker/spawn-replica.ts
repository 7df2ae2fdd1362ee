import replicaScript from '../parallel/worker.ts?worker&url';
import type { ReplicaThread } from '../parallel/thread.js';
import { startWorker } from './start-worker.js';

/** A replica's thread in a page: a worker of the training worker. */
export function spawnReplica(): ReplicaThread {
  const worker = startWorker(replicaScript);
  return {
    start: (message, transfer) => worker.postMessage(message, transfer),
    onDeath(listener) {
      worker.addEventListener('error', ({ message }) => listener(message || 'its script could not be loaded'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
