import { defineConfig } from 'vitest/config';

import { withAsanModule } from './tests/asan/with-asan-module.js';

// What runs in plain Node, the engine's tests once more on a module that checks itself, and what drives a real browser.
// tests/run.mjs names the one it wants.
export default defineConfig({
  test: {
    maxWorkers: '100%', // Vitest itself would leave a processor to the terminal
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'tests/{engine,links,cli,corpora,parity,worker,package,parallel,run,tasks}/**/*.test.ts',
            'tests/{build,layout,mutants}/**/*.test.mjs',
            'web/**/*.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [withAsanModule()],
        test: {
          name: 'asan',
          include: ['tests/{engine,asan}/**/*.test.ts'],
          // These are about the files that are shipped: where they are, how they are split, how much memory they take.
          exclude: ['tests/engine/{load,deferred,fast,memory,stack}.test.ts'],
          env: { UNROLL_WATCHED: '1' },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'page',
          include: ['tests/page/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: 'tests/page/support/all-files.ts',
        },
      },
    ],
  },
});
