import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import {
  F32X4_ADD,
  F32X4_MUL,
  F32X4_RELAXED_MADD,
  F32X4_RELAXED_NMADD,
  functions,
  instructions,
  isRelaxed,
  isSimd,
  withReplaced,
} from './wasm-instructions.js';

const shipped = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../../build/lib/engine/wasm/${name}`, import.meta.url));

/** What keeps a module from being the strict build, or nothing. */
function objection(bytes: Uint8Array): string | undefined {
  const all = instructions(bytes);
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
    expect(objection(await shipped('unroll.wasm'))).toBeUndefined();
  });

  it('is told from the fast build', async () => {
    expect(objection(await shipped('unroll-fast.wasm'))).toMatch(/relaxed/);
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

/** What the functions do that multiply four floats at once the most, the busiest first. */
function busiest(bytes: Uint8Array): { fused: number; products: number; inTwo: number }[] {
  return [...functions(bytes)]
    .map((body) => body.map(({ code }) => code))
    .map((body) => ({
      fused: body.filter((code) => code === F32X4_RELAXED_MADD).length,
      products: body.filter((code) => code === F32X4_MUL).length,
      inTwo: body.filter((code, i) => code === F32X4_MUL && body[i + 1] === F32X4_ADD).length,
    }))
    .sort((a, b) => b.fused + b.products - (a.fused + a.products));
}

describe('the fast module that ships', () => {
  it('multiplies and adds in one where the strict one does it in two', async () => {
    const [strict, fast] = [busiest(await shipped('unroll.wasm')), busiest(await shipped('unroll-fast.wasm'))];
    for (const { fused, inTwo } of strict.slice(0, 3)) {
      expect(fused).toBe(0);
      expect(inTwo).toBeGreaterThan(10);
    }
    for (const { fused, inTwo } of fast.slice(0, 3)) {
      expect(fused).toBeGreaterThan(20);
      expect(inTwo).toBe(0);
    }
  });

  it('has no other relaxed instruction', async () => {
    const relaxed = new Set(instructions(await shipped('unroll-fast.wasm')).filter(isRelaxed));
    expect([...relaxed]).toEqual([F32X4_RELAXED_MADD]);
  });
});

it('an instruction can be put in the place of another', () => {
  const bytes = moduleWith(...v128, ...relaxedMultiplyAdd);
  const changed = instructions(withReplaced(bytes, F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD));
  const expected = instructions(bytes).map((code) => (code === F32X4_RELAXED_MADD ? F32X4_RELAXED_NMADD : code));
  expect(changed).toEqual(expected);
  expect(changed).toContain(F32X4_RELAXED_NMADD);
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
