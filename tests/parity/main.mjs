import { parseArgs } from 'node:util';

import { engineOf } from '../fast-engine.mjs';
import { runFolder } from './run-folder.mjs';

/** npm run parity -- DIR [--fast]: every fixture of a folder through the shipped module, strict or fast. */
const { values, positionals } = parseArgs({ options: { fast: { type: 'boolean' } }, allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) {
  console.error('npm run parity -- DIR: name a folder of fixtures');
  process.exit(2);
}
const engine = await engineOf(values.fast ? 'fast' : 'strict');
const counts = runFolder(engine, folder, (id, { status, worst, reason }) => {
  const figures = worst
    ? `${worst.error.toExponential(1)} of ${worst.tolerance.toExponential(0)}  ${worst.name}`
    : reason;
  console.log(`${status.padEnd(11)} ${id.padEnd(40)} ${figures}`);
});
console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.unsupported} not yet supported`);
process.exitCode = counts.fail > 0 || counts.pass === 0 ? 1 : 0;
