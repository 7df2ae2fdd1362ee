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
  ...[
    'bodies',
    'fast-build',
    'generators',
    'importer',
    'model-saver',
    'own-text',
    'several-workers',
    'spawn-replica',
    'text-editor',
    'view',
    'worker',
    'workers-adviser',
  ],
  // The reading, and what is asked for it.
  ...['lens-view', 'reading', 'use-answer'],
  // Requests to the training worker that nobody makes by opening the page.
  ...['check', 'choose-workers', 'generate', 'open-model', 'plan', 'read-text', 'save-model'],
];

/** Each is a part of its own, with its request, that is loaded when it is opened. */
const LENSES = readdirSync(new URL('../../web/page/lenses/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What another task than a language model needs, which comes with its first run. */
const TASKS = ['sequences', 'task'];

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
  const named = (part: string) => scripts.filter((name) => name.startsWith(`${part}-`));
  const onDemand = ON_DEMAND.flatMap(named);
  const lenses = LENSES.map(named);
  const tasks = TASKS.map(named);
  const later = [...onDemand, ...lenses.flat(), ...tasks.flat()];
  expect(onDemand).toHaveLength(ON_DEMAND.length);
  expect(tasks.flat()).toHaveLength(TASKS.length);
  const size = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + brotli(new URL(name, assets)), 0);
  expect(scripts.length - later.length).toBeGreaterThan(1); // the page and its worker at least
  expect(size(scripts.filter((name) => !later.includes(name)))).toBeLessThan(80);
  expect(size(onDemand)).toBeLessThan(24);
  for (const lens of lenses) expect(size(lens)).toBeLessThan(6);
  for (const task of tasks) expect(size(task)).toBeLessThan(3);
});
