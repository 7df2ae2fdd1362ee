import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { say } from '../../cpp/toolchain/say.mjs';
import { withLock } from './lock.mjs';
import { inRoot } from './paths.mjs';

/** All files below a path, or the path itself, in a fixed order. */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesBelow(inRoot(path)))) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Does something unless nothing that it depends on has changed since it was last done: its inputs by content, its
 * outputs by being there.
 */
export async function buildStep({ name, inputs, outputs, action }) {
  const stamp = inRoot('build/stamps', name);
  const hash = hashOf(inputs);
  const isDone = () =>
    outputs.every((output) => existsSync(inRoot(output))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isDone()) return;
  await withLock(inRoot('build/lock'), async () => {
    if (isDone()) return; // by the one who held the lock
    const start = performance.now();
    say(`${name} …`);
    await action();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
    say(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });
}
