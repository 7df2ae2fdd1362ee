import { cpSync } from 'node:fs';

import { inRoot } from './paths.mjs';
import { buildStep } from './step.mjs';

/** The page, in dist/, and in dist/api/ that of the library: static files that work from any folder of any server. */
export async function buildPage() {
  await buildStep({
    name: 'page',
    inputs: ['web', 'build/api', 'vite.config.ts', 'package-lock.json'],
    outputs: ['dist/index.html', 'dist/api/index.html'],
    action: async () => {
      const { build } = await import('vite');
      await build({ configFile: inRoot('vite.config.ts'), logLevel: 'warn' });
      cpSync(inRoot('build/api'), inRoot('dist/api'), { recursive: true });
    },
  });
}
