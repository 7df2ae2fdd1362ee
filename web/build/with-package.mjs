import { spawnSync } from 'node:child_process';

import { build } from './build.mjs';
import { main } from './main.mjs';
import { inRoot } from './paths.mjs';

/** Builds the package when something changed, then runs a program of the project with the arguments given. */
export async function runWithPackage(program, args) {
  await build({ page: false });
  const { status } = spawnSync(process.execPath, [inRoot(program), ...args], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

await main(import.meta, () => runWithPackage(process.argv[2], process.argv.slice(3)));
