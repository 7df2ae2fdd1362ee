import { defineConfig } from 'vitest/config';

// Two suites: what runs in plain Node, and what drives a real browser. tests/run.mjs names the one it wants.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'tests/{engine,links,cli,corpora,parity,worker,package,parallel,run}/**/*.test.ts',
            'tests/{build,mutants}/**/*.test.mjs',
            'web/**/*.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'page',
          include: ['tests/page/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false, // one browser at a time: training takes a core
        },
      },
    ],
  },
});
