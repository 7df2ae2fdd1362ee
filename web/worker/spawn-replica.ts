import replicaScript from '../parallel/worker.ts?worker&url';
import type { ReplicaThread } from '../parallel/thread.js';
import { startWorker } from './start-worker.js';

/** A replica's thread in a page: a worker of the training worker. */
export function spawnReplica(): ReplicaThread {
  const worker = startWorker(replicaScript);
  return {
    start: (message, transfer) => worker.postMessage(message, transfer),
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        // It ends here: an error that is not taken goes on to the page, as if the training worker had made it.
        event.preventDefault();
        listener(event.message || 'its script could not be loaded');
      });
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}
