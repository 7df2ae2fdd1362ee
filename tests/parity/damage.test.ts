import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { StoredTensor } from './fixture-file.js';
import { format, numbersOf, parse } from './fixture-file.js';
import { runFolder } from './run-folder.mjs';
import type { CaseResult } from './run-folder.mjs';

const golden = fileURLToPath(new URL('../golden/parity', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'unroll-parity-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const engine = await createEngine();

interface Manifest {
  id: string;
  group: string;
  file: string;
  tol: number;
  inputs: Record<string, [string, number[]]>;
  expected: Record<string, [string, number[]]>;
  scalars: Record<string, number | number[]>;
}

/** A case in memory, to be damaged. */
interface Case {
  manifest: Manifest;
  tensors: Map<string, StoredTensor>;
}

function readCase(id: string): Case {
  return {
    manifest: JSON.parse(readFileSync(join(golden, `${id}.json`), 'utf8')) as Manifest,
    tensors: parse(new Uint8Array(readFileSync(join(golden, `${id}.safetensors`)))),
  };
}

/** Runs what was written as the only case of a folder. */
function run(manifest: string | null, file: Uint8Array | null): CaseResult {
  const results: CaseResult[] = [];
  const folder = mkdtempSync(join(scratch, 'case-'));
  if (manifest !== null) writeFileSync(join(folder, 'case.json'), manifest);
  if (file !== null) writeFileSync(join(folder, 'case.safetensors'), file);
  runFolder(engine, folder, (_, result) => results.push(result));
  rmSync(folder, { recursive: true });
  expect(results).toHaveLength(1);
  expect(engine.liveObjects()).toBe(0);
  return results[0]!;
}

const write = ({ manifest, tensors }: Case): CaseResult =>
  run(JSON.stringify({ ...manifest, file: 'case.safetensors' }), format(tensors));

/** The place of the number with the largest size: a small change there is a large error. */
function largest(tensor: StoredTensor): number {
  const numbers = numbersOf(tensor);
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (Math.abs(numbers.get(i)) > Math.abs(numbers.get(best))) best = i;
  return best;
}

/** A number that is another also where it is small against what it was computed from. */
const more = (value: number): number => value + 0.01 * (Math.abs(value) + 1);

/** What cases hold for information only. */
const INFORMATION = ['out.packed_input_data', 'out.packed_output_data', 'out.packed_batch_sizes'];

const ids = readdirSync(golden)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

describe.each(ids)('%s', (id) => {
  const { manifest, tensors } = readCase(id);
  const expected = Object.keys(manifest.expected).filter((name) => !INFORMATION.includes(name));

  test('passes as it is', () => {
    expect(write(readCase(id)).status).toBe('pass');
  });

  test('fails when an expected number is another', () => {
    for (const name of expected) {
      const damaged = readCase(id);
      const tensor = damaged.tensors.get(name)!;
      const numbers = numbersOf(tensor);
      const place = largest(tensor);
      const old = numbers.get(place);
      numbers.set(place, tensor.dtype === 'I64' ? old + 1 : old * (1 + 20 * manifest.tol));
      expect(write(damaged)).toMatchObject({ status: 'fail', worst: { name } });
    }
  });

  test('fails when what it was computed from is something else', () => {
    for (const [name, { dtype }] of tensors) {
      if (dtype !== 'F32') continue;
      const damaged = readCase(id);
      const numbers = numbersOf(damaged.tensors.get(name)!);
      for (let i = 0; i < numbers.length; i++) numbers.set(i, numbers.get(i) === 0 ? 1 : numbers.get(i) * 1.01);
      expect(write(damaged).status, name).toBe('fail');
    }
  });

  test('fails when a tensor is missing', () => {
    for (const name of tensors.keys()) {
      const damaged = readCase(id);
      damaged.tensors.delete(name);
      expect(write(damaged)).toEqual({ status: 'fail', reason: `tensor ${name} is missing` });
    }
  });

  test('fails when a result is neither there nor expected', () => {
    for (const name of expected) {
      const damaged = readCase(id);
      damaged.tensors.delete(name);
      delete damaged.manifest.expected[name];
      expect(write(damaged)).toEqual({ status: 'fail', reason: `tensor ${name} is missing` });
    }
  });

  test('fails when a tensor has another shape, whether the manifest agrees or not', () => {
    for (const [name, { shape }] of tensors) {
      if (INFORMATION.includes(name)) continue;
      const damaged = readCase(id);
      damaged.tensors.get(name)!.shape = [1, ...shape];
      expect(write(damaged).status, name).toBe('fail');
      for (const listed of [damaged.manifest.inputs, damaged.manifest.expected]) {
        if (listed[name] !== undefined) listed[name][1] = [1, ...shape];
      }
      expect(write(damaged).status, `${name}, agreed`).toBe('fail');
    }
  });

  test('fails when a number is none, wherever it stands', () => {
    for (const [name, tensor] of tensors) {
      if (tensor.dtype === 'I64') continue;
      const { length } = numbersOf(tensor);
      for (const [place, value] of [
        [0, NaN],
        [length >> 1, Infinity],
        [length - 1, NaN],
      ] as const) {
        const damaged = readCase(id);
        numbersOf(damaged.tensors.get(name)!).set(place, value);
        expect(write(damaged)).toEqual({ status: 'fail', reason: `tensor ${name} is not finite` });
      }
    }
  });

  test('fails when a scalar is another, missing or no number', () => {
    for (const [name, value] of Object.entries(manifest.scalars)) {
      const rest = { ...manifest.scalars };
      delete rest[name];
      const isList = Array.isArray(value);
      const changes = [
        { ...rest, [name]: isList ? value.with(-1, more(value.at(-1)!)) : more(value) },
        { ...rest, [name]: isList ? value.slice(1) : [value] },
        { ...rest, [name]: null },
        rest,
      ];
      for (const scalars of changes) {
        expect(write({ manifest: { ...manifest, scalars } as Manifest, tensors }).status, name).toBe('fail');
      }
    }
  });

  test('fails when its file is cut off, too long or gone', () => {
    const file = format(tensors);
    const text = JSON.stringify({ ...manifest, file: 'case.safetensors' });
    for (const length of [0, 7, 8, 100, file.length >> 1, file.length - 1]) {
      expect(run(text, file.subarray(0, length)).status).toBe('fail');
    }
    expect(run(text, new Uint8Array([...file, 0])).status).toBe('fail');
    expect(run(text, null).status).toBe('fail');
  });

  test('fails when its manifest is cut off, empty or gone', () => {
    const file = format(tensors);
    const text = JSON.stringify({ ...manifest, file: 'case.safetensors' });
    for (const length of [0, 1, text.length >> 1, text.length - 1]) {
      expect(run(text.slice(0, length), file).status).toBe('fail');
    }
    expect(run('{}', file).status).toBe('fail');
    expect(run('null', file).status).toBe('fail');
    expect(run(null, file).status).toBe('fail');
  });

  test('fails when it asks for a tolerance that lets everything pass', () => {
    const damaged = readCase(id);
    const [name] = Object.keys(manifest.expected);
    const tensor = damaged.tensors.get(name!)!;
    const numbers = numbersOf(tensor);
    const place = largest(tensor);
    numbers.set(place, numbers.get(place) * 1.001);
    for (const tol of [1, 1e300, -1, null, '1']) {
      expect(write({ ...damaged, manifest: { ...damaged.manifest, tol: tol as number } }).status).toBe('fail');
    }
  });

  test('fails when it belongs to no group', () => {
    expect(write({ manifest: { ...manifest, group: 'forwards' }, tensors }).status).toBe('fail');
  });
});

describe('a case whose text is not there', () => {
  const { manifest, tensors } = readCase('forward_seq1_lstm');
  const unsupported = { ...manifest, group: 'train', corpus: 'nobody-wrote-it' } as Manifest;

  test('is said to be so, and counts neither as passed nor as failed', () => {
    expect(write({ manifest: unsupported, tensors })).toEqual({
      status: 'unsupported',
      reason: 'its text, corpora/nobody-wrote-it.txt, was not found',
    });
  });

  test('does not hide damage', () => {
    expect(write({ manifest: unsupported, tensors: new Map([...tensors].slice(1)) }).status).toBe('fail');
  });
});
