import { UnrollError } from '../engine/index.js';
import type { ReplicaThread } from './thread.js';

/** A replica's thread in Node. The address holds from every entry of the package, into which this is bundled. */
export function spawnInNode(): ReplicaThread {
  // No import of Node's modules may stand here, or bundlers for the web would look for them.
  const node = (globalThis as { process?: typeof process }).process?.getBuiltinModule?.('node:worker_threads');
  if (node === undefined)
    throw new UnrollError('WRONG_STATE', 'spawnInNode: this is not Node; give a spawn of your own');
  const worker = new node.Worker(new URL('../parallel/worker.js', import.meta.url));
  return {
    // Node's declarations have a port of their own, which is the same object.
    start: (message, transfer) => worker.postMessage(message, transfer as never),
    onDeath(listener) {
      worker.once('error', (error: Error) => listener(error.message));
      worker.once('exit', (code) => listener(`exit code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
