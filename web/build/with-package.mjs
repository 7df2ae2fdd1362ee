import { spawnSync } from 'node:child_process';

import { build } from './build.mjs';
import { main } from './main.mjs';
import { inRoot } from './paths.mjs';

/** Builds the package, or all that ships, when something changed; then runs a program of the project. */
export async function runWithPackage(program, args, { page = false } = {}) {
  await build({ page });
  const { status } = spawnSync(process.execPath, [inRoot(program), ...args], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

await main(import.meta, () => {
  const args = process.argv.slice(2);
  const page = args[0] === '--page';
  const [program, ...rest] = page ? args.slice(1) : args;
  return runWithPackage(program, rest, { page });
});
