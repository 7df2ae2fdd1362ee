import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const lib = new URL('../../build/lib/', import.meta.url);
const assets = new URL('../../dist/assets/', import.meta.url);
const kB = (bytes: Uint8Array): number => bytes.length / 1000;

/** What an HTTP server sends of a file. */
const brotli = (file: URL): number => kB(brotliCompressSync(readFileSync(file)));

it('a page gets the module with less than 60 kB before its first step, and the rest behind it', () => {
  expect(brotli(new URL('engine/wasm/unroll.wasm', lib))).toBeLessThan(60);
  // What is behind the first step is not waited for; this keeps it from growing.
  expect(brotli(new URL('engine/wasm/unroll.deferred.wasm', lib))).toBeLessThan(63);
  // The fast module is one whole, and only for those who ask for it.
  expect(brotli(new URL('engine/wasm/unroll-fast.wasm', lib))).toBeLessThan(116);
});

it('nothing of the fast build is in the scripts: both modules share one glue', () => {
  const scripts = readdirSync(new URL('engine/wasm/', lib)).filter((name) => name.endsWith('.js'));
  expect(scripts).toEqual(['unroll.js']);
});

it('the script of the library takes less than 20 kB, gzip', async () => {
  const bundle = await rolldown({
    input: new URL('engine/index.js', lib).pathname,
    external: /^(node:.*|module)$/, // what the glue asks of Node, in Node alone
    treeshake: false,
  });
  const { output } = await bundle.generate({ minify: true });
  expect(output).toHaveLength(1);
  expect(kB(gzipSync(output[0].code))).toBeLessThan(20);
});

it('all script of the page together takes less than 80 kB, brotli', () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  // The page, its worker with the glue of the module, and the drawing that comes after the first paint.
  expect(scripts.map((name) => name.split('-')[0]).sort()).toEqual(['drawing', 'index', 'training']);
  const sizes = scripts.map((name) => brotli(new URL(name, assets)));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(80);
});
