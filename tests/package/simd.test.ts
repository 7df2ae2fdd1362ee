import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { F32X4_ADD, F32X4_MUL, instructions, isRelaxed, isSimd } from './wasm-instructions.js';

/** What keeps a module from being the strict build, or nothing. */
function objection(bytes: Uint8Array): string | undefined {
  const all = [...instructions(bytes)];
  if (!all.some(isSimd)) return 'it has no SIMD instruction';
  // A hot loop over four numbers at once multiplies and adds them; loading and storing alone would be memcpy's.
  if (!all.includes(F32X4_MUL) || !all.includes(F32X4_ADD)) return 'it does not multiply and add four floats at once';
  if (all.some(isRelaxed)) return 'it has relaxed instructions, whose bits depend on the machine';
  return undefined;
}

/** A module with one function that drops the result of the instruction given. */
function moduleWith(...body: number[]): Uint8Array {
  const code = [0, ...body, 0x1a, 0x0b];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0], // one type: () -> ()
    ...[3, 2, 1, 0], // one function of it
    ...[10, code.length + 2, 1, code.length, ...code],
  );
}

const v128 = [0xfd, 12, ...new Array<number>(16).fill(0)];
const mul = [...v128, ...v128, 0xfd, 0xe6, 1];
const add = [...v128, 0xfd, 0xe4, 1];
const relaxedMultiplyAdd = [...v128, ...v128, 0xfd, 0x85, 2];

describe('the module that ships', () => {
  it('computes with SIMD, and only with instructions that give the same bits everywhere', async () => {
    const bytes = await readFile(new URL('../../build/lib/engine/wasm/unroll.wasm', import.meta.url));
    expect(objection(bytes)).toBeUndefined();
  });

  it('has a deferred part with no relaxed instruction either', async () => {
    const bytes = await readFile(new URL('../../build/lib/engine/wasm/unroll.deferred.wasm', import.meta.url));
    const all = [...instructions(bytes)];
    expect(all.length).toBeGreaterThan(1000);
    expect(all.some(isRelaxed)).toBe(false);
  });

  it('is told from a scalar build of the same sources', async () => {
    const bytes = await readFile(new URL('../../build/scalar/unroll.wasm', import.meta.url));
    expect(objection(bytes)).toBe('it has no SIMD instruction');
  });
});

describe('the objection', () => {
  it.each([
    ['no SIMD', [0x41, 0], 'it has no SIMD instruction'],
    ['the prefix only as a number', [0x41, 0xfd, 0x00], 'it has no SIMD instruction'],
    ['nothing but constants', v128, 'it does not multiply and add four floats at once'],
    ['products and sums', [...mul, ...add], undefined],
    ['a relaxed product', [...mul, ...add, ...relaxedMultiplyAdd], /relaxed/],
  ])('to a module with %s', (_name, body, expected) => {
    const bytes = moduleWith(...body);
    if (expected === undefined) expect(objection(bytes)).toBeUndefined();
    else expect(objection(bytes)).toMatch(expected);
  });

  it('is an error for what cannot be read', () => {
    expect(() => objection(Uint8Array.of(1, 2, 3))).toThrow('the module is cut');
    expect(() => objection(moduleWith(...mul).subarray(0, -3))).toThrow('the module is cut');
    expect(() => objection(moduleWith(0xff))).toThrow('unknown instruction 0xff');
  });
});
