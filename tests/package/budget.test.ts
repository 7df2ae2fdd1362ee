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
  expect(brotli(new URL('engine/wasm/unroll.deferred.wasm', lib))).toBeLessThan(68);
  // The fast module is one whole, and only for those who ask for it.
  expect(brotli(new URL('engine/wasm/unroll-fast.wasm', lib))).toBeLessThan(118);
});

/** Loaded when the reader has asked for what they do. */
const ON_DEMAND = [
  ...['bodies', 'fast-build', 'generators', 'own-text', 'several-workers', 'spawn-replica', 'worker'],
  // Requests to the training worker that nobody makes by opening the page.
  ...['check', 'choose-workers', 'open-model', 'plan', 'read-text', 'save-model'],
];

it('nothing of the fast build is in the scripts: both modules share one glue', () => {
  const scripts = readdirSync(new URL('engine/wasm/', lib)).filter((name) => name.endsWith('.js'));
  expect(scripts).toEqual(['unroll.js']);
});

// The aim is 20 kB. Until it is reached this keeps the library from growing; lower it with every saving.
it('the script of the library does not grow, gzip', async () => {
  const bundle = await rolldown({
    input: new URL('engine/index.js', lib).pathname,
    treeshake: false,
  });
  const { output } = await bundle.generate({ minify: true });
  // What judges the fast build is loaded with it.
  const [library, ...others] = output.filter((part) => part.type === 'chunk');
  expect(others.map(({ name }) => name).sort()).toEqual(['fast-build', 'relaxed-simd']);
  expect(kB(gzipSync(library!.code))).toBeLessThan(20.7);
});

it('all script that the page loads by itself takes less than 80 kB, brotli', () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const onDemand = scripts.filter((name) => ON_DEMAND.some((part) => name.startsWith(`${part}-`)));
  expect(onDemand).toHaveLength(ON_DEMAND.length);
  const size = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + brotli(new URL(name, assets)), 0);
  expect(scripts.length - onDemand.length).toBeGreaterThan(1); // the page and its worker at least
  expect(size(scripts.filter((name) => !onDemand.includes(name)))).toBeLessThan(80);
  expect(size(onDemand)).toBeLessThan(24);
});
