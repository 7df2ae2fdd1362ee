import { describe, expect, test } from 'vitest';
import type { LanguageModel, LanguageModelTrainer } from '../../web/engine/index.js';
import { tensor } from '../../web/engine/index.js';
import { engine, numbers, refused, SENTENCES, SMALL } from './engine.js';

/** Where numbers end: what a float cannot hold, and what is none, on both sides of the boundary. */

const SUM = (data: ArrayLike<number>): number => Array.from(data).reduce((sum, p) => sum + p, 0);

/** A model whose weights are finite, and whose logits are not. */
function hugeModel(sign = 1): LanguageModel {
  const model = engine.createLanguageModel({ vocabulary: 'abcde', hiddenSize: 4, cell: 'rnn' });
  const weights = model.stateDict();
  for (const [name, { data }] of weights) data.fill(name.startsWith('head') ? sign * 3e38 : 1);
  model.loadStateDict(weights);
  return model;
}

describe('a temperature', () => {
  const model = (): LanguageModel => engine.createLanguageModel({ vocabulary: 'abcde', hiddenSize: 4 });

  test.each([1e-46, 7e-46, 1e-300, 5e-324, 1e39, 1e300, Infinity])('of %d is refused by name', (temperature) => {
    using own = model();
    const says = /^INVALID_ARGUMENT: SamplingConfig: temperature is .*, expected a number from 1e-45 to 100/;
    expect(refused(() => own.generate({ prompt: 'a', length: 6, temperature }))).toMatch(says);
    expect(refused(() => own.generateMany({ prompts: ['a'], length: 6, temperature }))).toMatch(says);
    expect(refused(() => engine.samplingDistribution(tensor([1, 3], [1, 2, 3]), { temperature }))).toMatch(says);
    own.generate({ prompt: 'a', length: 6 });
  });

  test.each([1e-45, 1e-40, 1.2e-38, 1e-20, 1e-3, 100])('of %d is one', (temperature) => {
    using own = model();
    const text = own.generate({ prompt: 'a', length: 20, temperature });
    expect(text).toHaveLength(20);
    if (temperature < 1e-10) expect(text).toBe(own.generate({ prompt: 'a', length: 20, greedy: true }));
    for (const row of [
      [1, 2, 3],
      [-3e38, 3e38, 0],
      [1e-45, 0, -1e-45],
    ]) {
      const { data } = engine.samplingDistribution(tensor([1, 3], row), { temperature });
      expect(SUM(data)).toBeCloseTo(1, 6);
      expect(data.every((p) => p >= 0)).toBe(true);
    }
  });
});

describe('logits', () => {
  test.each([NaN, Infinity])('of %d are refused', (bad) => {
    for (const place of [0, 3, 6]) {
      const row = tensor([1, 7], [0, 1, 2, 3, 4, 5, 6].with(place, bad));
      for (const options of [{}, { greedy: true }, { topK: 2 }, { topP: 0.5 }]) {
        expect(refused(() => engine.samplingDistribution(row, options))).toMatch(/^NOT_FINITE: Sampler: a logit is /);
      }
      expect(refused(() => engine.argmax(row))).toMatch(/^NOT_FINITE: /);
      expect(refused(() => engine.crossEntropy(row, [1]))).toMatch(/^NOT_FINITE: crossEntropy: /);
    }
  });

  test('of minus infinity are never chosen', () => {
    const row = tensor([1, 4], [-Infinity, 1, -Infinity, 1]);
    for (const options of [{}, { temperature: 0.1 }, { topK: 3 }, { topP: 0.99 }]) {
      expect([...engine.samplingDistribution(row, options).data]).toEqual([0, 0.5, 0, 0.5]);
    }
    expect([...engine.argmax(row)]).toEqual([1]);
    expect(refused(() => engine.argmax(tensor([1, 2], [-Infinity, -Infinity])))).toMatch(/^NOT_FINITE: /);
  });
});

describe('a model whose logits overflow', () => {
  test.each<[string, (model: LanguageModel) => unknown]>([
    ['generate', (model) => model.generate({ prompt: 'ab', length: 3 })],
    ['generate, greedy', (model) => model.generate({ prompt: 'ab', length: 3, greedy: true })],
    ['generate in 8 bits', (model) => model.generate({ prompt: 'ab', length: 3, precision: 'int8' })],
    ['generateMany', (model) => model.generateMany({ prompts: ['ab', 'c'], length: 3 })],
    ['generateMany in 8 bits', (model) => model.generateMany({ prompts: ['ab', 'c'], length: 3, precision: 'int8' })],
    ['beamSearch', (model) => model.beamSearch({ prompt: 'ab', length: 3 })],
    ['evaluateText', (model) => model.evaluateText('abcde')],
    ['evaluateText in 8 bits', (model) => model.evaluateText('abcde', { precision: 'int8' })],
    ['evaluateTexts', (model) => model.evaluateTexts(['abc', 'de'])],
    ['probe', (model) => model.probe('abc')],
    ['probe with a target', (model) => model.probe('abc', { target: 'd' })],
    [
      'lossAndGradients',
      (model) =>
        model.lossAndGradients({ ids: Int32Array.of(0, 1), targets: Int32Array.of(1, 2), seqLen: 2, batchSize: 1 }),
    ],
  ])('says so: %s', (_, use) => {
    for (const sign of [1, -1]) {
      using model = hugeModel(sign);
      const live = engine.liveObjects();
      expect(refused(() => use(model))).toMatch(/^NOT_FINITE: /);
      expect(engine.liveObjects()).toBe(live);
    }
  });
});

describe('a classifier and a regressor whose answers overflow', () => {
  test('say so', () => {
    using classifier = engine.createClassifier({ vocabSize: 4, hiddenSize: 3, classes: 2, cell: 'rnn' });
    using regressor = engine.createRegressor({ inputSize: 2, hiddenSize: 3, outputSize: 2, cell: 'rnn' });
    for (const model of [classifier, regressor]) {
      const weights = model.stateDict();
      for (const [name, { data }] of weights) data.fill(name.startsWith('head') ? 3e38 : 1);
      model.loadStateDict(weights);
    }
    expect(refused(() => classifier.forward([[0, 1]]))).toMatch(/^NOT_FINITE: SequenceModel: an output is /);
    expect(refused(() => classifier.lossAndGradients([[0, 1]], [1]))).toMatch(/^NOT_FINITE: /);
    expect(refused(() => regressor.forward(tensor([2, 1, 2], [1, 1, 1, 1])))).toMatch(
      /^NOT_FINITE: SequenceModel: an output is /,
    );
  });

  test('and a target that is none', () => {
    const outputs = tensor([1, 2], [1, 2]);
    for (const bad of [NaN, Infinity]) {
      expect(refused(() => engine.meanSquaredError(outputs, tensor([1, 2], [0, bad])))).toMatch(
        /^NOT_FINITE: meanSquaredError: the loss is /,
      );
    }
    // The square of such an error is a finite loss, and its gradient no float.
    const far = tensor([1, 1], [3e38]);
    expect(refused(() => engine.meanSquaredError(far, tensor([1, 1], [-3e38])))).toMatch(
      /^NOT_FINITE: meanSquaredError: a number of the gradient is /,
    );
  });
});

describe('an update', () => {
  test('that makes a weight too large says which', () => {
    using rnn = engine.createRnn({ inputSize: 2, hiddenSize: 3 });
    rnn.forward(tensor([2, 1, 2], numbers(4)));
    rnn.backward({ output: tensor([2, 1, 3], new Float32Array(6).fill(1e32)) });
    rnn.configureOptimizer({ kind: 'sgd', learningRate: 1e9 });
    expect(refused(() => rnn.applyGradients())).toMatch(/^NOT_FINITE: Rnn: after the update \w+_l0 is /);
  });

  test('of gradients that are none changes nothing', () => {
    using rnn = engine.createRnn({ inputSize: 2, hiddenSize: 3 });
    const before = rnn.stateDict();
    rnn.forward(tensor([2, 1, 2], numbers(4)));
    rnn.backward({ output: tensor([2, 1, 3], new Float32Array(6).fill(NaN)) });
    rnn.configureOptimizer({ kind: 'sgd', learningRate: 1 });
    expect(refused(() => rnn.applyGradients({ clipNorm: 1, clipValue: 1 }))).toMatch(
      /^NOT_FINITE: Rnn: the gradient of weight_ih_l0 is /,
    );
    expect(rnn.stateDict()).toEqual(before);
    for (const clipping of [{ clipNorm: 1e-46 }, { clipValue: 5e-324 }]) {
      expect(refused(() => rnn.applyGradients(clipping))).toMatch(/^INVALID_ARGUMENT: Rnn: clip/);
    }
  });
});

describe('a trainer', () => {
  const make = (config: object = {}): LanguageModelTrainer => engine.createTrainer({ ...SMALL, ...config }, SENTENCES);

  test.each([
    [{ clipNorm: 1e-46 }, 'clip_norm'],
    [{ clipValue: 1e-300 }, 'clip_value'],
    [{ optimizer: { kind: 'adam', beta1: 0.99999999 } }, 'beta1'],
    [{ optimizer: { kind: 'adamw', beta2: 1 - 2 ** -53 } }, 'beta2'],
    [{ schedule: { kind: 'linear', startFactor: 1e-310 } }, 'start_factor'],
    [{ schedule: { kind: 'step', stepSize: 1, gamma: 1e300 } }, 'gamma'],
  ])('is refused for %j', (config, field) => {
    expect(refused(() => make(config))).toMatch(new RegExp(`^INVALID_CONFIG: .*: ${field} is .*, expected `));
  });

  test('whose rate rises without end goes on or says that it has diverged', () => {
    using trainer = make({
      schedule: { kind: 'step', stepSize: 1, gamma: 1e6 },
      optimizer: { kind: 'sgd', learningRate: 1 },
    });
    for (let i = 0; i < 6; i++) {
      try {
        trainer.train(1);
      } catch (error) {
        expect(error).toMatchObject({ code: 'NOT_FINITE' });
      }
      expect(trainer.learningRate).toBeLessThanOrEqual(1e9);
    }
  });

  test('keeps the statistics of its step, whatever the model is asked', () => {
    using trainer = make();
    trainer.train(3);
    const statistics = trainer.parameterStatistics();
    using model = trainer.model();
    model.probe('the quick', { target: 'z' });
    expect(trainer.parameterStatistics()).toEqual(statistics);
    model.lossAndGradients({ ids: Int32Array.of(0, 1), targets: Int32Array.of(1, 2), seqLen: 2, batchSize: 1 });
    model.evaluateText('the quick');
    trainer.evaluate('validation');
    expect(trainer.parameterStatistics()).toEqual(statistics);
  });

  test.each(['xavier', 'orthogonal'] as const)('has no ratio to biases of zero: %s', (init) => {
    using trainer = make({ init });
    trainer.train(1);
    for (const { name, updateNorm, updateRatio } of trainer.parameterStatistics()) {
      expect(updateNorm).toBeGreaterThan(0);
      if (name.includes('bias')) expect(updateRatio).toBeNull();
      else expect(Number.isFinite(updateRatio)).toBe(true);
    }
    trainer.train(1);
    for (const { updateRatio } of trainer.parameterStatistics()) expect(Number.isFinite(updateRatio)).toBe(true);
  });

  test('is not changed by an evaluation, whatever its schedule', () => {
    using trainer = make({ schedule: { kind: 'plateau', patience: 0, factor: 0.5 } });
    trainer.train(2);
    const before = trainer.saveState();
    for (const part of ['validation', 'validation', 'test', 'train'] as const) trainer.evaluate(part);
    expect(trainer.saveState()).toEqual(before);
    const rate = trainer.learningRate;
    trainer.observeValidation(1);
    trainer.observeValidation(1);
    expect(trainer.learningRate).toBe(rate / 2);
    for (const bad of [NaN, Infinity]) {
      expect(refused(() => trainer.observeValidation(bad))).toMatch(/^NOT_FINITE: /);
    }
    expect(refused(() => trainer.observeValidation('1' as never))).toMatch(
      /^INVALID_ARGUMENT: Trainer.observeValidation: lossNats is "1"/,
    );
  });
});
