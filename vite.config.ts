import { defineConfig } from 'vite';

// The page: static files that work from any folder of any server. Workers are modules of their own.
export default defineConfig({
  root: 'web/page',
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The engine's glue asks Node for this module, and only in Node.
  worker: { format: 'es' },
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // nothing becomes a data: address, which the page's CSP would refuse
    modulePreload: { polyfill: false },
  },
});
