import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import { start } from '../cpp/toolchain/command.mjs';
import { say } from '../cpp/toolchain/say.mjs';
import { build } from '../web/build/build.mjs';
import { buildWithCmake } from '../web/build/cmake.mjs';
import { inRoot, root } from '../web/build/paths.mjs';
import { buildAsanWasm, buildScalarWasm } from '../web/build/wasm.mjs';
import { fuzz } from './fuzz/run.mjs';
import { findChromium, forNativeTests, forPageTests, forWasm } from '../web/build/system.mjs';

/** The suites of npm test: what each needs from the system, and how it resolves to how many cases passed and failed. */
export const suites = {
  native: { needs: forNativeTests, run: () => gtest('native', []) },
  sanitized: { needs: forNativeTests, run: () => gtest('sanitized', ['-DUNROLL_SANITIZE=ON']) },
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
  fuzz: {
    needs: forWasm, // what the engine's own targets need besides is installed if that is possible
    run: () => fuzz({ seconds: 60 }),
  },
  page: {
    needs: [...forWasm, ...forPageTests],
    run: async () => {
      await build();
      return vitest('page', { CHROMIUM: findChromium() });
    },
  },
};

/**
 * The engine's own tests, compiled for this machine. One process for each processor, and not for each test as CTest does:
 * under a sanitizer a process takes longer to start than most tests take.
 */
async function gtest(name, options) {
  const folder = buildWithCmake(name, options);
  const count = availableParallelism();
  const shards = await Promise.all(Array.from({ length: count }, (_, index) => gtestShard(name, folder, index, count)));
  return {
    passed: shards.reduce((sum, { passed }) => sum + passed, 0),
    failed: shards.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function gtestShard(name, folder, index, count) {
  const report = inRoot('build/reports', `${name}-${index}.xml`);
  prepare(report);
  const { status, output } = await start(
    join(folder, 'unroll_tests'),
    ['--gtest_brief=1', `--gtest_output=xml:${report}`],
    {
      env: { ...process.env, GTEST_TOTAL_SHARDS: String(count), GTEST_SHARD_INDEX: String(index) },
    },
  );
  if (status !== 0) say(output);
  // A shard that broke down has left no report.
  const suite = existsSync(report) ? /<testsuites\b[^>]*>/.exec(readFileSync(report, 'utf8'))[0] : '';
  const sum = (attribute) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = sum('failures') + sum('errors') + sum('disabled') + sum('skipped') || (status === 0 ? 0 : 1);
  return { passed: Math.max(0, sum('tests') - failed), failed };
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
  const { numPassedTests, numPendingTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that does not load has no cases to fail, but Vitest's status tells.
  const failed = numTotalTests - numPassedTests - numPendingTests || (status === 0 ? 0 : 1);
  // Left out where this machine cannot do what they need: a device of one's own, for example, is for root alone.
  return { passed: numPassedTests, failed, skipped: numPendingTests };
}

function prepare(report) {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
}
