import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const lib = new URL('../../build/lib/', import.meta.url);
const kB = (bytes: Uint8Array): number => bytes.length / 1000;

/** A reader on a phone waits for these before the first step. Raise one only with a reason. */
it.each([
  ['gzip', gzipSync, 105],
  ['brotli', brotliCompressSync, 85],
])('the module takes less than its budget, %s', (_name, compress, budget) => {
  expect(kB(compress(readFileSync(new URL('engine/wasm/unroll.wasm', lib))))).toBeLessThan(budget);
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
