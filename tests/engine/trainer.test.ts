import { describe, expect, test } from 'vitest';
import type { LanguageModelTrainer, TrainerConfig } from '../../web/engine/index.js';
import { engine, refusal, refused, SENTENCES, SMALL } from './engine.js';

describe('a trainer', () => {
  test('knows its sizes', () => {
    using trainer = engine.createTrainer({ ...SMALL, split: [0.8, 0.1, 0.1] }, SENTENCES);
    const { parameterCount, memoryBytes, ...info } = trainer.info;
    expect(info).toEqual({
      vocabSize: 28,
      trainChars: 2160,
      validationChars: 270,
      testChars: 270,
      stepsPerEpoch: Math.floor(Math.floor(2159 / 3) / 7),
    });
    expect(parameterCount).toBe(4 * 12 * (28 + 12 + 2) + 28 * 12 + 28);
    expect({ parameterCount, memoryBytes }).toEqual(pick(engine.plan({ ...SMALL, vocabSize: 28 })));
  });

  test('learns', () => {
    using trainer = engine.createTrainer({ ...SMALL, hiddenSize: 32 }, SENTENCES);
    const { losses, gradNorms, step, epoch } = trainer.train(800);
    expect(step).toBe(800);
    expect(losses).toHaveLength(800);
    expect(gradNorms).toHaveLength(800);
    expect(epoch).toBe(Math.floor(800 / trainer.info.stepsPerEpoch));
    expect(losses[0]).toBeCloseTo(Math.log(28), 0);
    expect(losses.at(-1)).toBeLessThan(0.5);
    using model = trainer.model();
    expect(model.generate({ prompt: 'the quick ', length: 30, greedy: true })).toBe('brown fox jumps over the lazy ');
  });

  test('evaluates in one piece and in many alike', () => {
    using trainer = engine.createTrainer(SMALL, SENTENCES.repeat(4));
    trainer.train(20);
    const once = trainer.evaluate('train');
    expect(once).toMatchObject({ done: true, positions: trainer.info.trainChars - 1 });
    expect(once.bitsPerChar).toBeCloseTo(once.lossNats / Math.LN2, 12);
    trainer.beginEvaluation('train');
    let pieces = 1;
    let last = trainer.continueEvaluation(0);
    expect(last.done).toBe(false);
    for (; !last.done; pieces++) last = trainer.continueEvaluation(0);
    expect(pieces).toBeGreaterThan(10);
    expect(last).toEqual(once);
  });

  test('evaluates as its model does', () => {
    using trainer = engine.createTrainer(SMALL, SENTENCES);
    trainer.train(20);
    using model = trainer.model();
    const { trainChars, validationChars } = trainer.info;
    const text = SENTENCES.slice(trainChars, trainChars + validationChars);
    expect(model.evaluateText(text).lossNats).toBe(trainer.evaluate('validation').lossNats);
  });

  test('knows what guessing achieves', () => {
    // 90 characters to count, then "ab" and "ab": ln V, add-0.1 frequencies, and those after the character before.
    using trainer = engine.createTrainer({ batchSize: 1, seqLen: 2, split: [0.9, 0.1, 0] }, 'ab'.repeat(50));
    const { uniform, unigram, bigram } = trainer.baselines();
    expect(uniform).toBeCloseTo(Math.LN2, 12);
    expect(unigram).toBeCloseTo(Math.LN2, 12);
    const afterA = -Math.log(45.1 / 45.2);
    const afterB = -Math.log(44.1 / 44.2);
    expect(bigram).toBeCloseTo((5 * afterA + 4 * afterB) / 9, 12);
  });

  test('trains on a text with a single character, and knows it by heart', () => {
    using trainer = engine.createTrainer({ ...SMALL, hiddenSize: 2 }, 'a'.repeat(200));
    expect(Array.from(trainer.train(3).losses)).toEqual([0, 0, 0]);
    using model = trainer.model();
    expect(model.generate({ prompt: 'a', length: 5, temperature: 0.5 })).toBe('aaaaa');
  });

  test('says when the loss is lost, and keeps the weights of before', () => {
    using trainer = engine.createTrainer(
      { ...SMALL, cell: 'rnn_relu', clipNorm: 0, optimizer: { kind: 'sgd', learningRate: 1e9 } },
      SENTENCES,
    );
    const error = refusal(() => trainer.train(100));
    expect(error.code).toBe('NOT_FINITE');
    expect(error.message).toMatch(/^Trainer: at step \d+ the (loss|gradient) is no longer a finite number/);
    using model = trainer.model();
    for (const [, { data }] of model.stateDict()) expect(data.every(Number.isFinite)).toBe(true);
    trainer.rewind();
    trainer.setLearningRate(0.01);
    expect(trainer.train(1).step).toBe(1);
  });

  test('has the defaults that it says', () => {
    const text = SENTENCES.repeat(2);
    using silent = engine.createTrainer({}, text);
    using explicit = engine.createTrainer(
      {
        cell: 'lstm',
        hiddenSize: 128,
        numLayers: 1,
        embeddingDim: 0,
        dropout: 0,
        forgetBias: 0,
        seed: 1,
        batchSize: 32,
        seqLen: 64,
        optimizer: { kind: 'adam', learningRate: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 },
        clipNorm: 5,
        split: [0.9, 0.05, 0.05],
      },
      text,
    );
    expect(silent.train(2)).toEqual(explicit.train(2));
    using one = silent.model();
    using other = explicit.model();
    expect(one.fingerprint()).toBe(other.fingerprint());
    expect(one.config).toEqual(other.config);
  });

  test('takes what is undefined for left out, and rnn for rnn_tanh', () => {
    using one = engine.createTrainer({ ...SMALL, cell: 'rnn', clipNorm: undefined }, SENTENCES);
    using other = engine.createTrainer({ ...SMALL, cell: 'rnn_tanh' }, SENTENCES);
    expect(one.train(2)).toEqual(other.train(2));
  });
});

describe('a trainer cannot be made', () => {
  test.each<[string, TrainerConfig, string, string]>([
    ['no text', SMALL, '', 'TEXT_TOO_SHORT'],
    ['one character', SMALL, 'a', 'TEXT_TOO_SHORT'],
    ['a text shorter than a window', SMALL, 'ab'.repeat(11), 'TEXT_TOO_SHORT'],
    ['more characters than any vocabulary', SMALL, manyCharacters(5000), 'TOO_BIG'],
    ['a hidden size of 0', { ...SMALL, hiddenSize: 0 }, SENTENCES, 'INVALID_CONFIG'],
    ['a hidden size of 100000', { ...SMALL, hiddenSize: 100_000 }, SENTENCES, 'INVALID_CONFIG'],
    ['nine layers', { ...SMALL, numLayers: 9 }, SENTENCES, 'INVALID_CONFIG'],
    ['half a layer', { ...SMALL, numLayers: 0.5 }, SENTENCES, 'INVALID_ARGUMENT'],
    ['no learning rate', { ...SMALL, optimizer: { kind: 'adam', learningRate: NaN } }, SENTENCES, 'INVALID_CONFIG'],
    ['a negative clip', { ...SMALL, clipNorm: -1 }, SENTENCES, 'INVALID_CONFIG'],
    ['a seed below 0', { ...SMALL, seed: -1 }, SENTENCES, 'INVALID_ARGUMENT'],
    ['a seed that is no whole number', { ...SMALL, seed: 1.5 }, SENTENCES, 'INVALID_ARGUMENT'],
    ['a seed above 2^53', { ...SMALL, seed: 2 ** 53 }, SENTENCES, 'INVALID_ARGUMENT'],
  ])('from %s', (_, config, text, code) => {
    const before = engine.liveObjects();
    const error = refusal(() => engine.createTrainer(config, text));
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(20);
    expect(engine.liveObjects()).toBe(before);
  });

  test('from what would not fit into memory, which is known without trying', () => {
    const text = 'abcdefgh'.repeat(1 << 20);
    const before = engine.heapBytes();
    const message = refused(() => engine.createTrainer({ hiddenSize: 1024, batchSize: 1024, seqLen: 4096 }, text));
    expect(message).toMatch(/^TOO_BIG: .* would need \d+ MB of memory, at most 1536 MB are allowed/);
    expect(engine.heapBytes() - before).toBeLessThan(150e6);
    using trainer = engine.createTrainer(SMALL, SENTENCES);
    expect(trainer.train(1).step).toBe(1);
  });
});

describe('calls of a trainer that are refused', () => {
  test.each<[string, (trainer: LanguageModelTrainer) => unknown, string]>([
    [
      'no steps',
      (trainer) => trainer.train(0),
      'INVALID_ARGUMENT: Trainer.train: steps is 0, expected a whole number from 1 on',
    ],
    [
      'half a step',
      (trainer) => trainer.train(0.5),
      'INVALID_ARGUMENT: Trainer.train: steps is 0.5, expected a whole number',
    ],
    [
      'steps for ever',
      (trainer) => trainer.trainSlice(Infinity, Infinity),
      'INVALID_ARGUMENT: Trainer.trainSlice: maxSteps and maxMs',
    ],
    [
      'a slice of no number',
      (trainer) => trainer.trainSlice(NaN, 5),
      'INVALID_ARGUMENT: Trainer.trainSlice: maxSteps is NaN',
    ],
    [
      'a slice until never',
      (trainer) => trainer.trainSlice(1, NaN),
      'INVALID_ARGUMENT: Trainer.trainSlice: maxMs is NaN',
    ],
    [
      'a slice in words',
      (trainer) => trainer.trainSlice('2' as never, 5),
      'INVALID_ARGUMENT: Trainer.trainSlice: maxSteps is "2"',
    ],
    [
      'another part',
      (trainer) => trainer.beginEvaluation('rest' as never),
      'INVALID_ARGUMENT: Trainer.beginEvaluation: part is "rest"',
    ],
    ['an empty part', (trainer) => trainer.evaluate('validation'), 'TEXT_TOO_SHORT: '],
    ['baselines of nothing', (trainer) => trainer.baselines(), 'TEXT_TOO_SHORT: '],
    [
      'a continuation of nothing',
      (trainer) => trainer.continueEvaluation(5),
      'WRONG_STATE: Trainer.continueEvaluation: call begin',
    ],
    [
      'no learning rate',
      (trainer) => trainer.setLearningRate(NaN),
      'INVALID_CONFIG: OptimizerConfig: learning_rate is nan',
    ],
    [
      'a learning rate below 0',
      (trainer) => trainer.setLearningRate(-1),
      'INVALID_CONFIG: OptimizerConfig: learning_rate is -1',
    ],
  ])('%s', (_, call, says) => {
    using trainer = engine.createTrainer({ ...SMALL, split: [1, 0, 0] }, SENTENCES);
    trainer.train(2);
    expect(refused(() => call(trainer))).toContain(says);
    expect(trainer.train(1).step).toBe(3);
  });
});

function pick({ parameterCount, memoryBytes }: { parameterCount: number; memoryBytes: number }): object {
  return { parameterCount, memoryBytes };
}

function manyCharacters(count: number): string {
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
}
