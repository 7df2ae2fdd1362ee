import { expect, test } from 'vitest';
import { createEngine } from '../../engine/index.js';
import { DEFAULTS } from '../../links/run-config.js';
import type { LanguageConfig } from '../../links/run-config.js';
import { trainerConfig } from '../../run/index.js';
import { RequestCancelled, RequestError } from '../../worker/client.js';
import { forReaders, refusalOf } from './refusals.js';

test('a message of the engine becomes a sentence without its speaker', () => {
  expect(forReaders('Trainer: the text has 3 characters, expected at least 9')).toBe(
    'The text has 3 characters, expected at least 9.',
  );
  expect(forReaders('CharTokenizer::encode: character U+00E9 is foreign')).toBe('Character U+00E9 is foreign.');
  expect(forReaders('this file is not UTF-8 text; save it as UTF-8')).toBe(
    'This file is not UTF-8 text; save it as UTF-8.',
  );
});

test('what is wrong is said where it can be changed', () => {
  const place = (code: string, changed?: readonly (keyof LanguageConfig)[]) =>
    refusalOf(new RequestError(code, 'x'), 'generation', changed && { config: DEFAULTS, changed })?.place;
  expect(place('TEXT_TOO_SHORT', ['text', 'prompt'])).toBe('text');
  expect(place('TEXT_TOO_SHORT', ['batchSize'])).toBe('training');
  expect(place('TOO_BIG', ['hiddenSize'])).toBe('network');
  expect(place('INVALID_UTF8')).toBe('text');
  expect(place('NOT_IN_VOCABULARY', ['prompt'])).toBe('sample');
  expect(place('NOT_IN_VOCABULARY')).toBe('generation');
  expect(place('FILE_INVALID')).toBe('generation');
});

test('how long a text must be is enough, and not much more than enough', async () => {
  const engine = await createEngine();
  for (const [batch, seq] of [
    [1, 1],
    [1, 40],
    [8, 24],
    [32, 64],
  ] as const) {
    const config = { ...DEFAULTS, batchSize: batch, seqLen: seq, hiddenSize: 2 };
    const { sentence } = refusalOf(new RequestError('TEXT_TOO_SHORT', 'x'), 'text', { config, changed: ['text'] })!;
    const needed = Number(/needs about ([\d,]+)/.exec(sentence)![1]!.replaceAll(',', ''));
    const train = (length: number) => engine.createTrainer(trainerConfig(config), 'ab'.repeat(length).slice(0, length));
    train(needed).delete();
    expect(() => train(Math.floor(needed / 2))).toThrow();
  }
});

test('nobody is told of what was overtaken', () => {
  expect(refusalOf(new RequestCancelled(), 'training')).toBeNull();
});
