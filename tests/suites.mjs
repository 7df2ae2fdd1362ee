import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { say } from '../cpp/toolchain/say.mjs';
import { build } from '../web/build/build.mjs';
import { buildWithCmake } from '../web/build/cmake.mjs';
import { inRoot, root } from '../web/build/paths.mjs';
import { buildAsanWasm, buildScalarWasm } from '../web/build/wasm.mjs';
import { findChromium, forNativeTests, forPageTests, forWasm } from '../web/build/system.mjs';

/** The suites of npm test: what each needs from the system, and how it resolves to how many cases passed and failed. */
export const suites = {
  native: { needs: forNativeTests, run: () => ctest('native', []) },
  sanitized: { needs: forNativeTests, run: () => ctest('sanitized', ['-DUNROLL_SANITIZE=ON']) },
  node: {
    needs: forWasm,
    run: async () => {
      await build();
      await buildScalarWasm();
      return vitest('node', {});
    },
  },
  asan: {
    needs: forWasm,
    run: async () => {
      await build({ page: false });
      await buildAsanWasm();
      return vitest('asan', {});
    },
  },
  page: {
    needs: [...forWasm, ...forPageTests],
    run: async () => {
      await build();
      return vitest('page', { CHROMIUM: findChromium() });
    },
  },
};

/** The engine's own tests, compiled for this machine. */
function ctest(name, options) {
  const report = inRoot('build/reports', `${name}.xml`);
  prepare(report);
  const folder = buildWithCmake(name, options);
  const { status, stdout, stderr } = spawnSync(
    'ctest',
    ['--test-dir', folder, '-j', '2', '--output-on-failure', '--output-junit', report],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) say(`${withoutPassed(stdout)}${stderr}`);
  const suite = /<testsuite\b[^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
  const count = (attribute) => Number(new RegExp(`${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('disabled') + count('skipped') || (status === 0 ? 0 : 1);
  return { passed: count('tests') - failed, failed };
}

/** A project of vitest.config.ts. */
function vitest(project, env) {
  const report = inRoot('build/reports', `${project}.json`);
  prepare(report);
  const args = [
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    'json',
    '--outputFile.json',
    report,
  ];
  const { status } = spawnSync(inRoot('node_modules/.bin/vitest'), args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, ...env },
  });
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that does not load has no cases to fail, but Vitest's status tells.
  const failed = numTotalTests - numPassedTests || (status === 0 ? 0 : 1);
  return { passed: numPassedTests, failed };
}

/** CTest's output less the two lines for each test that passed. */
const withoutPassed = (output) =>
  output
    .split('\n')
    .filter((line) => !/^ *Start +\d+:|^ *\d+\/\d+ Test .* Passed +[\d.]+ sec$/.test(line))
    .join('\n');

function prepare(report) {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
}
