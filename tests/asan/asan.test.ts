import { expect, test } from 'vitest';

import { createEngine } from '../../web/engine/index.js';
import factory from '../../web/engine/wasm/unroll.js';
import { instanceOf } from '../instance-of.js';

/** What the module of this suite has beside the engine. */
interface Checked {
  /** Reads a number of an array of `size` without asking whether it has such a place. */
  readAt(size: number, place: number): number;
}

/** A module, and all lines that it writes as errors. */
async function load(): Promise<{ module: Checked; lines: string[] }> {
  const lines: string[] = [];
  const module = (await factory({
    instantiateWasm: instanceOf(new URL('../../build/asan/unroll.wasm', import.meta.url)),
    printErr: (line: string) => lines.push(line),
  })) as unknown as Checked;
  return { module, lines };
}

test('the engine of these tests is the one that is checked: its memory holds the check’s books', async () => {
  const engine = await createEngine();
  expect(engine.heapBytes()).toBeGreaterThanOrEqual(2 ** 27); // an eighth of the 1 GB that it may have
});

test('a read inside of an array is no mistake', async () => {
  const { module, lines } = await load();
  expect(module.readAt(8, 7)).toBe(1);
  expect(lines).toEqual([]);
});

test.each([8, -1])('a read outside of an array of 8 is reported: place %i', async (place) => {
  const { module, lines } = await load();
  expect(() => module.readAt(8, place)).toThrow();
  expect(lines.join('\n')).toMatch(/AddressSanitizer: heap-buffer-overflow[^]*READ of size 4/);
});
