import type { Plugin } from 'vite';
import { defineConfig } from 'vite';

/** What the library is made of besides, and no worker of the page calls, by modules of web/engine. */
const NOT_IN_WORKERS =
  /\/web\/engine\/(?:networks\/(?:rnn|classifier|regressor|rows|loss-options|many-texts|summary)|training\/(?:schedule|schedule-config|buckets))\.ts$/;

/** The engine's class can make all that there is, so a bundler would keep it all. In workers its names stay, and nothing else. */
const leaveOut: Plugin = {
  name: 'leave-out',
  enforce: 'pre',
  transform(code, id) {
    if (!NOT_IN_WORKERS.test(id)) return null;
    const names = [...code.matchAll(/^export (?:class|const|function) (\w+)/gm)].map(([, name]) => name);
    return `export const ${names.map((name) => `${name} = undefined`).join(', ')};`;
  },
};

// The page: static files that work from any folder of any server. Workers are modules of their own.
export default defineConfig({
  root: 'web/page',
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The engine's glue asks Node for this module, and only in Node.
  worker: {
    format: 'es',
    plugins: () => [leaveOut],
    // What all workers have is in a chunk of its own in each, so that it is one file for all of them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'glue', test: /\/web\/engine\/(?:errors\.ts|arguments\/\w+\.ts|wasm\/unroll\.js)$/ }],
        },
      },
    },
  },
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // nothing becomes a data: address, which the page's CSP would refuse
    modulePreload: { polyfill: false },
  },
});
