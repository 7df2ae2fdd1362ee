import type { ReplicaThread } from '../parallel/thread.js';

/** A replica's thread in a page: a worker of the training worker. */
export function spawnReplica(): ReplicaThread {
  const worker = new Worker(new URL('../parallel/worker.ts', import.meta.url), { type: 'module' });
  return {
    start: (message, transfer) => worker.postMessage(message, transfer),
    onDeath(listener) {
      worker.addEventListener('error', ({ message }) => listener(message || 'its script could not be loaded'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
