import { follow } from './follower.js';
import type { StartMessage } from './protocol.js';

/** The entry of a replica's thread, in a page and in Node. */

interface Scope {
  onmessage: ((event: { data: StartMessage }) => void) | null;
}

/** No import of Node's modules may stand here, or bundlers for the web would look for them. */
const node = (globalThis as { process?: typeof process }).process?.getBuiltinModule?.('node:worker_threads');

const scope = (node?.parentPort ?? globalThis) as unknown as Scope;

scope.onmessage = ({ data }) => {
  scope.onmessage = null;
  follow(data);
};
