import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLines, temporaryFile, temporaryFolder, unroll } from './cli.js';

const TEXT = Array.from({ length: 400 }, (_, i) => `line ${i} of ${(i * 7919) % 1009}\n`).join('');
const SMALL = ['--hidden', '16', '--batch', '5', '--seq', '8', '--steps', '30', '--dropout', '0.1', '--layers', '2'];

test('two workers train the same weights again, from flags and from the link', async () => {
  const args = ['train', '--text', 'counting', ...SMALL, '--workers', '2', '--json'];
  const out = join(temporaryFolder(), 'model.safetensors');
  const first = await unroll(...args, '--out', out);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const result = jsonLines(first).at(-1)!;
  expect(result['step']).toBe(30);
  expect(readFileSync(out).length).toBeGreaterThan(1000);

  const again = await unroll(...args);
  expect(jsonLines(again).at(-1)!['fingerprint']).toBe(result['fingerprint']);

  const link = String(result['link']);
  expect(link).toContain('&workers=2');
  const repeated = await unroll('run', link, '--json');
  expect(repeated.code).toBe(0);
  expect(jsonLines(repeated).at(-1)).toMatchObject({ fingerprint: result['fingerprint'], claim: 'matches' });

  // One worker is another run: the claim does not hold for it.
  const alone = await unroll('train', '--text', 'counting', ...SMALL, '--json');
  expect(jsonLines(alone).at(-1)!['fingerprint']).not.toBe(result['fingerprint']);
});

test('auto tells what it chose and why', async () => {
  const text = temporaryFile('text.txt', TEXT);
  const outcome = await unroll('train', '--text', text, ...SMALL, '--workers', 'auto', '--json');
  expect(outcome.code).toBe(0);
  // So small a step is not worth threads.
  expect(outcome.stderr).toMatch(/--workers 1: (a step is too short for more|there is one core)/);
});

test.each([
  [['--workers', '0'], '--workers is 0, expected a whole number from 1 to 16'],
  [['--workers', 'two'], '--workers is "two", expected a whole number from 1 to 16'],
  [['--workers', '3', '--batch', '2'], 'batch_size is 2, expected at least 3'],
])('%j is refused', async (flags, message) => {
  const outcome = await unroll('train', '--text', temporaryFile('text.txt', TEXT), ...flags);
  expect(outcome.code).not.toBe(0);
  expect(outcome.stderr).toContain(message);
});
