import { describe, expect, it } from 'vitest';
import type { Cell, Precision } from '../../web/engine/index.js';
import { engine, refused, SENTENCES } from './engine.js';

const CELLS: readonly Cell[] = ['lstm', 'gru', 'rnn_tanh', 'rnn_relu'];

/** A small model that has learnt SENTENCES. */
function trained(cell: Cell, embeddingDim = 0) {
  const config = { cell, hiddenSize: 24, numLayers: 2, embeddingDim, batchSize: 8, seqLen: 16, seed: 2 };
  using trainer = engine.createTrainer({ ...config, optimizer: { kind: 'adam', learningRate: 5e-3 } }, SENTENCES);
  trainer.train(60);
  return trainer.model();
}

describe.each(CELLS)('8-bit weights of a %s', (cell) => {
  it('read a text nearly as the model does, and not exactly', () => {
    using model = trained(cell);
    const own = model.evaluateText(SENTENCES);
    const int8 = model.evaluateText(SENTENCES, { precision: 'int8' });
    expect(own.perplexity).toBeLessThan(8);
    // The states of relu have no bound, and a small network of it feels the steps of its weights most.
    expect(Math.abs(int8.perplexity / own.perplexity - 1)).toBeLessThan(cell === 'rnn_relu' ? 0.03 : 0.005);
    expect(int8.logProbs).not.toEqual(own.logProbs);
    expect(model.evaluateText(SENTENCES, { precision: 'float32' })).toEqual(own);
  });

  it('write in pieces, at once and beside others the same text', () => {
    using model = trained(cell, 5);
    const options = { prompt: 'the ', temperature: 0.9, precision: 'int8' as const };
    const whole = model.generate({ ...options, length: 60, seed: 3 });
    using generator = model.createGenerator({ ...options, seed: 3 });
    expect(generator.next(23).text + generator.next(37).text).toBe(whole);
    const many = model.generateMany({ ...options, count: 6, length: 60, seed: 1 });
    expect(many[2]!.text).toBe(whole);
  });

  it('score what they write as they evaluate it, many at once as one by one', () => {
    using model = trained(cell);
    const texts = Array.from({ length: 6 }, (_, i) => SENTENCES.slice(i, 40 + 7 * i));
    const reading = { precision: 'int8' as const };
    expect(model.evaluateTexts(texts, reading)).toEqual(texts.map((text) => model.evaluateText(text, reading)));
    using generator = model.createGenerator({ prompt: 'q', ...reading });
    const { text, logProbs } = generator.next(30);
    expect(Array.from(logProbs)).toEqual(Array.from(model.evaluateText(`q${text}`, reading).logProbs));
  });
});

it('a precision that does not exist is refused', () => {
  using model = engine.createLanguageModel({ hiddenSize: 4, vocabulary: 'ab' });
  const precision = 'int4' as Precision;
  const expected = (where: string) => `INVALID_ARGUMENT: ${where}: precision is "int4", expected float32, int8`;
  expect(refused(() => model.generate({ prompt: 'a', length: 1, precision }))).toBe(expected('Generator'));
  expect(refused(() => model.generateMany({ prompt: 'a', length: 1, precision }))).toBe(
    expected('LanguageModel.generateMany'),
  );
  expect(refused(() => model.evaluateText('ab', { precision }))).toBe(expected('LanguageModel.evaluateText'));
  expect(refused(() => model.evaluateTexts(['ab'], { precision }))).toBe(expected('LanguageModel.evaluateTexts'));
});

it('a generator ends at a stop string', () => {
  using model = trained('lstm');
  const free = model.generate({ prompt: 'the ', length: 200 });
  const stop = free.slice(20, 23);
  using generator = model.createGenerator({ prompt: 'the ', stop: [stop] });
  const { text, stopped } = generator.next(200);
  expect(stopped).toBe(true);
  expect(text).toBe(free.slice(0, free.indexOf(stop) + stop.length));
  expect(generator.next(10).text).toBe('');
});
