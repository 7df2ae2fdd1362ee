import { parseArgs } from 'node:util';

import { say, SetupError } from '../cpp/toolchain/say.mjs';
import { main } from '../web/build/main.mjs';
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
  let passed = 0;
  let failed = 0;
  for (const name of wanted) {
    const start = performance.now();
    const result = await runSuite(name);
    passed += result.passed;
    failed += result.failed;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    say(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});

/** A suite that cannot start, crashes or runs nothing counts as one failure. */
async function runSuite(name) {
  try {
    const { passed, failed } = await suites[name]();
    if (passed + failed > 0) return { passed, failed };
    say(`${name}: no test ran`);
  } catch (error) {
    say(`${name}: ${error instanceof SetupError ? error.message : error.stack}`);
  }
  return { passed: 0, failed: 1 };
}
