import { parseArgs } from 'node:util';

import { say, SetupError } from '../cpp/toolchain/say.mjs';
import { main } from '../web/build/main.mjs';
import { installModules } from '../web/build/modules.mjs';
import { ensureInstalled } from '../web/build/system.mjs';
import { suites } from './suites.mjs';

/**
 * npm test: sets up what is missing, runs every suite, and ends with one line that counts every test case.
 * `--only native,node` runs some of the suites.
 */
await main(import.meta, async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? Object.keys(suites);
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    throw new SetupError(
      `npm test: there is no suite ${unknown.join(', ')}; the suites are ${Object.keys(suites).join(', ')}.`,
    );
  }
  const { passed, failed } = await runAll(wanted);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});

/** What is missing is installed, or asked for, once and for all suites. Without it none of them starts. */
async function runAll(wanted) {
  const total = { passed: 0, failed: 0 };
  try {
    await installModules();
    ensureInstalled(wanted.flatMap((name) => suites[name].needs));
  } catch (error) {
    say(explain(error));
    return { passed: 0, failed: 1 };
  }
  for (const name of wanted) {
    say(`${name} …`);
    const start = performance.now();
    const { passed, failed } = await runSuite(name);
    total.passed += passed;
    total.failed += failed;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    say(`${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  }
  return total;
}

/** A suite that cannot start, crashes or runs nothing counts as one failure. */
async function runSuite(name) {
  try {
    const { passed, failed } = await suites[name].run();
    if (passed + failed > 0) return { passed, failed };
    say(`${name}: no test ran`);
  } catch (error) {
    say(`${name}: ${explain(error)}`);
  }
  return { passed: 0, failed: 1 };
}

/** A sentence for what a person can mend, a stack for a mistake of ours. */
function explain(error) {
  return error instanceof SetupError ? error.message : error.stack;
}
