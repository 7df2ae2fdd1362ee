import { inRoot } from './paths.mjs';
import { step } from './step.mjs';

/** The page, in dist/: static files that work from any folder of any server. */
export async function buildPage() {
  await step({
    name: 'page',
    inputs: ['web', 'vite.config.ts', 'package-lock.json'],
    outputs: ['dist/index.html'],
    action: async () => {
      const { build } = await import('vite');
      await build({ configFile: inRoot('vite.config.ts'), logLevel: 'warn' });
    },
  });
}
