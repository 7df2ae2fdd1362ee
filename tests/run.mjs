import { parseArgs } from 'node:util';

import { say, SetupError } from '../cpp/toolchain/say.mjs';
import { main } from '../web/build/main.mjs';
import { installModules } from '../web/build/modules.mjs';
import { ensureInstalled } from '../web/build/system.mjs';
import { beside } from './busy.mjs';
import { suites } from './suites.mjs';

/**
 * npm test: sets up what is missing, runs every suite, and ends with one line that counts every test case.
 * `--only native,node` runs some of the suites, `--repeat N` runs them N times, `--busy N` beside N busy loops.
 */
await main(import.meta, async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      repeat: { type: 'string', default: '1' },
      busy: { type: 'string', default: '0' },
    },
  });
  const wanted = values.only?.split(',') ?? Object.keys(suites);
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    throw new SetupError(
      `npm test: there is no suite ${unknown.join(', ')}; the suites are ${Object.keys(suites).join(', ')}.`,
    );
  }
  const [rounds, loops] = [wholeNumber('repeat', values.repeat), wholeNumber('busy', values.busy)];
  const { passed, failed, skipped } = await beside(loops, () => runAll(wanted, rounds));
  console.log(counts({ passed, failed, skipped }));
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});

/** What was left out is said loudly: it was not shown. */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function wholeNumber(flag, value) {
  if (/^\d{1,4}$/.test(value)) return Number(value);
  throw new SetupError(`npm test: --${flag} is "${value}", expected a whole number.`);
}

/** What is missing is installed, or asked for, once and for all suites. Without it none of them starts. */
async function runAll(wanted, rounds) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  try {
    await installModules();
    ensureInstalled(wanted.flatMap((name) => suites[name].needs));
  } catch (error) {
    say(explain(error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
  for (let round = 1; round <= rounds; ++round) {
    for (const name of wanted) {
      const outcome = await runTimed(name, rounds === 1 ? name : `${name}, ${round} of ${rounds}`);
      for (const kind of Object.keys(total)) total[kind] += outcome[kind];
    }
  }
  return total;
}

async function runTimed(name, title) {
  say(`${title} …`);
  const start = performance.now();
  const outcome = await runSuite(name);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  say(`${title}: ${counts(outcome)} (${seconds} s)`);
  return outcome;
}

/** A suite that cannot start, crashes or runs nothing counts as one failure. */
async function runSuite(name) {
  try {
    const { passed, failed, skipped = 0 } = await suites[name].run();
    if (passed + failed > 0) return { passed, failed, skipped };
    say(`${name}: no test ran`);
  } catch (error) {
    say(`${name}: ${explain(error)}`);
  }
  return { passed: 0, failed: 1, skipped: 0 };
}

/** A sentence for what a person can mend, a stack for a mistake of ours. */
function explain(error) {
  return error instanceof SetupError ? error.message : error.stack;
}
