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
  expect(brotli(new URL('engine/wasm/unroll.deferred.wasm', lib))).toBeLessThan(70);
  // The fast module is one whole, and only for those who ask for it.
  expect(brotli(new URL('engine/wasm/unroll-fast.wasm', lib))).toBeLessThan(120);
});

it('nothing of the fast build is in the scripts: both modules share one glue', () => {
  const scripts = readdirSync(new URL('engine/wasm/', lib)).filter((name) => name.endsWith('.js'));
  expect(scripts).toEqual(['unroll.js']);
});

// The aim is 20 kB. Until it is reached this keeps the library from growing; lower it with every saving.
it('the script of the library does not grow, gzip', async () => {
  const bundle = await rolldown({
    input: new URL('engine/index.js', lib).pathname,
    external: /^(node:.*|module)$/, // what the glue asks of Node, in Node alone
    treeshake: false,
  });
  const { output } = await bundle.generate({ minify: true });
  expect(output).toHaveLength(1);
  expect(kB(gzipSync(output[0].code))).toBeLessThan(24);
});

it('all script that a page needs before its first step takes less than 80 kB, brotli, and with its chart 85', () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const size = (part: string): number =>
    brotli(new URL(scripts.find((name) => name.startsWith(`${part}-`)) ?? 'missing', assets));
  expect(scripts.map((name) => name.split('-')[0]).sort()).toEqual(['drawing', 'index', 'training']);
  // The page, and its worker with the glue of the module.
  const needed = size('index') + size('training');
  expect(needed).toBeLessThan(80);
  // The chart's drawing comes after the first paint.
  expect(needed + size('drawing')).toBeLessThan(85);
});
