import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { start } from '../../cpp/toolchain/command.mjs';
import { say, SetupError } from '../../cpp/toolchain/say.mjs';
import { main } from '../../web/build/main.mjs';
import { coverage } from './coverage.mjs';
import { buildTargets } from './targets.mjs';

/**
 * npm run fuzz -- --minutes N: gives all that reads foreign bytes or text what nobody thought of, for so long together.
 * `--only json,links` chooses; `--replay FILE` gives one the file on which it failed. `--coverage` lists the
 * branches of the readers that no native test takes.
 */
await main(import.meta, async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      only: { type: 'string' },
      replay: { type: 'string' },
      coverage: { type: 'boolean' },
    },
  });
  if (values.coverage) return console.log(coverage());
  if (values.replay !== undefined) return replay(values.replay);
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes < 1e5)) {
    throw new SetupError(`npm run fuzz: --minutes is ${values.minutes}, expected a number above 0.`);
  }
  const { passed, failed } = await fuzz({ seconds: 60 * minutes, only: values.only?.split(','), keep: true });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});

/** Lets every target look for so many seconds of wall time in all; resolves to how many found nothing, and something. */
export async function fuzz({ seconds, only, keep = false }) {
  const targets = await buildTargets({ keep });
  const names = only ?? Object.keys(targets);
  for (const name of names) expectTarget(targets, name);
  const count = Math.min(names.length, availableParallelism());
  const each = Math.max(1, Math.floor((seconds * count) / names.length));
  const waiting = names.values();
  const outcome = { passed: 0, failed: 0 };
  const worker = async () => {
    for (const name of waiting) outcome[(await isQuiet(name, targets[name], each)) ? 'passed' : 'failed']++;
  };
  await Promise.all(Array.from({ length: count }, worker));
  return outcome;
}

async function isQuiet(name, target, seconds) {
  const [program, ...args] = target.search(seconds);
  const { status, output } = await start(program, args);
  const tried = /^(?:stat::number_of_executed_units: *|)(\d+)(?: links|$)/m.exec(output)?.[1];
  say(`fuzz ${name}: ${status === 0 ? 'found nothing' : 'FOUND SOMETHING'} in ${tried ?? 'some'} inputs, ${seconds} s`);
  if (status === 0) return true;
  const kept = /Test unit written to (.*)/.exec(output)?.[1];
  say(`${output.split('\n').slice(-60).join('\n')}\n`);
  say(kept ? `Kept in ${kept}; again with: npm run fuzz -- --replay ${kept}` : `${name} ended with ${status}`);
  return false;
}

async function replay(file) {
  const targets = await buildTargets({ keep: true });
  const [name] = basename(file).split('-');
  expectTarget(targets, name);
  const [program, ...args] = targets[name].replay(resolve(file));
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  console.log(status === 0 ? `${name} takes ${file} as it should.` : `${name} fails on ${file}.`);
  process.exitCode = status ?? 1;
}

function expectTarget(targets, name) {
  if (Object.hasOwn(targets, name)) return;
  throw new SetupError(`npm run fuzz: there is no target ${name} here; there are ${Object.keys(targets).join(', ')}.`);
}
