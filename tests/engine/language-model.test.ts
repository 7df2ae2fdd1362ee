import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { LanguageModel, ModelConfig, TokenBatch } from '../../web/engine/index.js';
import { engine, refusal, refused, SENTENCES } from './engine.js';

const VOCABULARY = ' abcde';
const make = (config: ModelConfig = {}): LanguageModel =>
  engine.createLanguageModel({ hiddenSize: 7, seed: 4, ...config, vocabulary: VOCABULARY });

/** A batch of tokens that is not regular. */
function batch(seqLen: number, batchSize: number, start = 0): TokenBatch & { ids: number[]; targets: number[] } {
  const ids = Array.from({ length: seqLen * batchSize }, (_, i) => ((start + i) * 7 + ((i * i) % 5)) % 6);
  return { ids, targets: ids.map((token) => (token * 5 + 2) % 6), seqLen, batchSize };
}

const text = (ids: readonly number[]): string => ids.map((id) => VOCABULARY[id]).join('');

describe('a language model', () => {
  test('knows what it is', () => {
    using model = make({
      cell: 'rnn',
      numLayers: 2,
      embeddingDim: 3,
      dropout: 0.1,
      init: 'xavier',
      forgetBias: 1,
      seed: 2 ** 53 - 1,
    });
    expect(model.config).toEqual({
      cell: 'rnn_tanh',
      hiddenSize: 7,
      numLayers: 2,
      embeddingDim: 3,
      dropout: 0.1,
      init: 'xavier',
      forgetBias: 1,
      seed: 2 ** 53 - 1,
    });
    expect(model.vocabulary).toBe(VOCABULARY);
    expect(model.vocabSize).toBe(6);
    expect(Array.from(model.stateDict(), ([name, { shape }]) => [name, shape])).toEqual([
      ['embedding.weight', [6, 3]],
      ['rnn.weight_ih_l0', [7, 3]],
      ['rnn.weight_hh_l0', [7, 7]],
      ['rnn.bias_ih_l0', [7]],
      ['rnn.bias_hh_l0', [7]],
      ['rnn.weight_ih_l1', [7, 7]],
      ['rnn.weight_hh_l1', [7, 7]],
      ['rnn.bias_ih_l1', [7]],
      ['rnn.bias_hh_l1', [7]],
      ['head.weight', [6, 7]],
      ['head.bias', [6]],
    ]);
    const count = Array.from(model.stateDict().values()).reduce((sum, { data }) => sum + data.length, 0);
    expect(model.parameterCount).toBe(count);
    expect(engine.plan({ ...model.config, vocabSize: 6 }).parameterCount).toBe(count);
  });

  test('has a fingerprint that a single bit changes', () => {
    using model = make();
    using twin = make();
    expect(model.fingerprint()).toMatch(/^[0-9a-f]{16}$/);
    expect(twin.fingerprint()).toBe(model.fingerprint());
    const tensors = new Map(model.stateDict());
    const bias = tensors.get('head.bias')!;
    new Uint32Array(bias.data.buffer)[5]! ^= 1;
    twin.loadStateDict(tensors);
    expect(twin.fingerprint()).not.toBe(model.fingerprint());
  });

  test('has the fingerprint that its documentation says', () => {
    using model = make();
    let hash = 0xcbf29ce484222325n;
    for (const { data } of model.stateDict().values()) {
      for (const byte of new Uint8Array(data.buffer)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
    expect(model.fingerprint()).toBe(hash.toString(16).padStart(16, '0'));
  });

  test('adds the forget bias to the forget gates alone', () => {
    using plain = make();
    using biased = make({ forgetBias: 1.5 });
    for (const [name, { data }] of biased.stateDict()) {
      const before = plain.stateDict().get(name)!.data;
      const expected = name === 'rnn.bias_ih_l0' ? before.map((x, i) => (i >= 7 && i < 14 ? x + 1.5 : x)) : before;
      expect(data).toEqual(expected);
    }
  });

  test('copies what it is given and what it gives', () => {
    using model = make();
    const before = model.fingerprint();
    model.stateDict().get('head.bias')!.data.fill(9);
    expect(model.fingerprint()).toBe(before);
    const own = { ...Object.fromEntries(model.stateDict()) };
    model.loadStateDict(own);
    own['head.bias']!.data.fill(9);
    expect(model.fingerprint()).toBe(before);
  });
});

describe.each(['lstm', 'gru', 'rnn_tanh', 'rnn_relu'] as const)('the loss: %s', (cell) => {
  test('is the mean of -ln softmax(logits)[target]', () => {
    using model = make({ cell, embeddingDim: 3 });
    const given = batch(5, 3);
    const { loss, logits } = model.lossAndGradients(given);
    expect(logits.shape).toEqual([5, 3, 6]);
    let sum = 0;
    given.targets.forEach((target, row) => {
      const scores = Array.from(logits.data.slice(row * 6, row * 6 + 6));
      sum += Math.log(scores.reduce((total, x) => total + Math.exp(x), 0)) - scores[target]!;
    });
    expect(loss).toBeCloseTo(sum / 15, 6);
  });

  test('of a text is the same by all ways', () => {
    using model = make({ cell, numLayers: 2 });
    const { ids } = batch(30, 1);
    const { loss } = model.lossAndGradients({ ids: ids.slice(0, -1), targets: ids.slice(1), seqLen: 29, batchSize: 1 });
    const evaluation = model.evaluateText(text(ids));
    expect(evaluation.positions).toBe(29);
    expect(evaluation.lossNats).toBeCloseTo(loss, 6);
    expect(evaluation.bitsPerChar).toBeCloseTo(evaluation.lossNats / Math.LN2, 12);
    expect(evaluation.perplexity).toBeCloseTo(Math.exp(evaluation.lossNats), 12);
    const mean = evaluation.logProbs.reduce((sum, x) => sum + x, 0) / 29;
    expect(-mean).toBeCloseTo(evaluation.lossNats, 6);
  });

  test('of a window in two parts is that of the whole, when the state is carried', () => {
    using model = make({ cell, numLayers: 2 });
    const whole = batch(8, 2);
    const part = (from: number): TokenBatch => ({
      ids: Int32Array.from(whole.ids.slice(from * 2, from * 2 + 8)),
      targets: whole.targets.slice(from * 2, from * 2 + 8),
      seqLen: 4,
      batchSize: 2,
    });
    const all = model.lossAndGradients(whole);
    const first = model.lossAndGradients(part(0));
    const second = model.lossAndGradients({ ...part(4), state: first.state });
    expect(second.state).toEqual(all.state);
    expect([...first.logits.data, ...second.logits.data]).toEqual([...all.logits.data]);
    expect((first.loss + second.loss) / 2).toBeCloseTo(all.loss, 6);
  });

  test('falls along its gradient', () => {
    using model = make({ cell, embeddingDim: 4 });
    model.configureOptimizer({ kind: 'sgd', learningRate: 0.05 });
    const given = batch(6, 3);
    let before = Infinity;
    for (let step = 0; step < 20; step++) {
      const { loss } = model.lossAndGradients(given);
      expect(loss).toBeLessThan(before);
      before = loss;
      model.applyGradients();
    }
  });
});

describe('updates', () => {
  test('of plain SGD take the learning rate times the gradient off', () => {
    using model = make();
    const before = model.stateDict();
    const { gradients } = model.lossAndGradients(batch(6, 3));
    model.configureOptimizer({ kind: 'sgd', learningRate: 0.5 });
    const { gradNorm } = model.applyGradients();
    let squares = 0;
    for (const [name, { data }] of model.stateDict()) {
      const g = gradients.get(name)!.data;
      expect(data).toEqual(before.get(name)!.data.map((p, i) => Math.fround(p - Math.fround(0.5 * g[i]!))));
      squares += g.reduce((sum, x) => sum + x * x, 0);
    }
    expect(gradNorm).toBeCloseTo(Math.sqrt(squares), 6);
  });

  test('are clipped by norm and by value', () => {
    const sizes = (clipping: object): { largest: number; norm: number } => {
      using model = make();
      const before = model.stateDict();
      model.lossAndGradients(batch(6, 3));
      model.configureOptimizer({ kind: 'sgd', learningRate: 1 });
      model.applyGradients(clipping);
      const steps = Array.from(model.stateDict(), ([name, { data }]) =>
        Array.from(data, (p, i) => p - before.get(name)!.data[i]!),
      ).flat();
      return { largest: Math.max(...steps.map(Math.abs)), norm: Math.hypot(...steps) };
    };
    expect(sizes({}).norm).toBeGreaterThan(0.1);
    expect(sizes({ clipNorm: 0.01 }).norm).toBeCloseTo(0.01, 5);
    expect(sizes({ clipNorm: 1000 })).toEqual(sizes({}));
    expect(sizes({ clipValue: 0.002 }).largest).toBeCloseTo(0.002, 6);
  });

  test('with a learning rate of 0 leave every bit', () => {
    using model = make();
    const before = model.fingerprint();
    for (const kind of ['sgd', 'rmsprop', 'adagrad', 'adam', 'adamw'] as const) {
      model.configureOptimizer({ kind, learningRate: 0 });
      model.lossAndGradients(batch(6, 3));
      model.applyGradients({ clipNorm: 1 });
    }
    expect(model.fingerprint()).toBe(before);
  });

  test('have moments under PyTorch’s names', () => {
    using model = make();
    model.configureOptimizer({ kind: 'adam' });
    expect(model.optimizerState().size).toBe(0);
    const { gradients } = model.lossAndGradients(batch(6, 3));
    model.applyGradients();
    const moments = model.optimizerState();
    expect(moments.size).toBe(2 * gradients.size);
    const g = gradients.get('head.bias')!.data;
    expect(moments.get('exp_avg.head.bias')!.shape).toEqual([6]);
    moments.get('exp_avg.head.bias')!.data.forEach((m, i) => expect(m).toBeCloseTo(0.1 * g[i]!, 7));
    moments.get('exp_avg_sq.head.bias')!.data.forEach((v, i) => expect(v).toBeCloseTo(0.001 * g[i]! ** 2, 9));
  });

  test('need an optimizer', () => {
    using model = make();
    model.lossAndGradients(batch(6, 3));
    expect(refusal(() => model.applyGradients()).code).toBe('WRONG_STATE');
  });

  test.each<[string, unknown, string]>([
    [
      'an unknown kind',
      { kind: 'lion' },
      'INVALID_ARGUMENT: OptimizerConfig: kind is "lion", expected sgd, rmsprop, adagrad, adam, adamw',
    ],
    ['no kind', {}, 'INVALID_ARGUMENT: OptimizerConfig: kind is missing'],
    [
      'a misspelled option',
      { kind: 'adam', learning_rate: 1 },
      'INVALID_ARGUMENT: OptimizerConfig: there is no option "learning_rate"',
    ],
    ['no number', { kind: 'adam', learningRate: NaN }, 'INVALID_CONFIG: OptimizerConfig: learning_rate is nan'],
    ['a beta of 1', { kind: 'adam', beta1: 1 }, 'INVALID_CONFIG: OptimizerConfig: beta1 is 1'],
    [
      'nesterov without momentum',
      { kind: 'sgd', nesterov: true },
      'INVALID_CONFIG: OptimizerConfig: nesterov needs a momentum',
    ],
  ])('refuse %s', (_, config, says) => {
    using model = make();
    expect(refused(() => model.configureOptimizer(config as never))).toContain(says);
  });
});

describe('calls that are refused', () => {
  const given = batch(5, 3);

  test.each<[string, (model: LanguageModel) => unknown, string]>([
    ['a text of one character', (model) => model.evaluateText('a'), 'TEXT_TOO_SHORT: '],
    ['a text with foreign characters', (model) => model.evaluateText('abxyc'), 'NOT_IN_VOCABULARY: '],
    ['no text', (model) => model.evaluateText(undefined as never), 'INVALID_ARGUMENT: '],
    [
      'no batch',
      (model) => model.lossAndGradients(null as never),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: the options are null',
    ],
    [
      'no tokens',
      (model) => model.lossAndGradients({ ...given, ids: undefined as never }),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: ids is missing, expected an array of whole numbers',
    ],
    [
      'too few tokens',
      (model) => model.lossAndGradients({ ...given, ids: [1] }),
      'SHAPE_MISMATCH: LanguageModel.lossAndGradients: ids has 1 numbers, expected 15',
    ],
    [
      'too many targets',
      (model) => model.lossAndGradients({ ...given, targets: Array<number>(16).fill(0) }),
      'SHAPE_MISMATCH: LanguageModel.lossAndGradients: targets has 16',
    ],
    [
      'a token that there is not',
      (model) => model.lossAndGradients({ ...given, ids: given.ids.with(3, 6) }),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: ids: a number is 6, expected a whole number from 0 to 5',
    ],
    [
      'a token below 0',
      (model) => model.lossAndGradients({ ...given, targets: given.targets.with(14, -1) }),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: targets: a number is -1',
    ],
    [
      'half a token',
      (model) => model.lossAndGradients({ ...given, ids: given.ids.with(0, 0.5) }),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: ids: a number is 0.5',
    ],
    [
      'half a step',
      (model) => model.lossAndGradients({ ...given, seqLen: 7.5, batchSize: 2 }),
      'INVALID_ARGUMENT: LanguageModel.lossAndGradients: seqLen is 7.5',
    ],
    [
      'a state for another batch',
      (model) => model.lossAndGradients({ ...given, state: { h: tensor([1, 2, 7]) } }),
      'SHAPE_MISMATCH: LanguageModel.lossAndGradients: state.h has shape (1, 2, 7), expected (1, 3, 7)',
    ],
    [
      'clipping by no number',
      (model) => model.applyGradients({ clipNorm: '5' as never }),
      'INVALID_ARGUMENT: LanguageModel.applyGradients: clipNorm is "5"',
    ],
  ])('%s', (_, call, says) => {
    using model = make();
    const before = model.fingerprint();
    expect(refused(() => call(model))).toContain(says);
    expect(model.fingerprint()).toBe(before);
  });

  test.each<[string, unknown, string]>([
    ['no vocabulary', {}, 'INVALID_ARGUMENT: '],
    ['an empty vocabulary', { vocabulary: '' }, 'INVALID_ARGUMENT: '],
    ['a character twice', { vocabulary: 'abca' }, 'INVALID_ARGUMENT: '],
    ['half a character', { vocabulary: 'ab\ud800' }, 'INVALID_ARGUMENT: '],
    [
      'more characters than allowed',
      { vocabulary: Array.from({ length: 4097 }, (_, i) => String.fromCodePoint(0x4e00 + i)) },
      'TOO_BIG: ',
    ],
    [
      'words',
      { vocabulary: ['a', 'bc'] },
      'INVALID_ARGUMENT: ModelConfig: vocabulary is an array of 2, expected a string or an array of single',
    ],
    ['a number', { vocabulary: 65 }, 'INVALID_ARGUMENT: ModelConfig: vocabulary is 65'],
  ])('a model of %s', (_, config, says) => {
    expect(refused(() => engine.createLanguageModel(config as never))).toContain(says);
  });

  test.each<[string, object, string]>([
    ['no vocabulary', {}, 'INVALID_CONFIG: ModelConfig: vocab_size is 0'],
    ['too large a vocabulary', { vocabSize: 5000 }, 'INVALID_CONFIG: ModelConfig: vocab_size is 5000'],
    ['too large a model', { vocabSize: 65, hiddenSize: 1024, numLayers: 8 }, 'TOO_BIG: '],
    ['a misspelled option', { vocabSize: 65, hidden: 3 }, 'INVALID_ARGUMENT: PlanConfig: there is no option "hidden"'],
  ])('a plan of %s', (_, config, says) => {
    expect(refused(() => engine.plan(config as never))).toContain(says);
  });
});

describe('a plan', () => {
  test('counts parameters and operations', () => {
    const plan = engine.plan({ cell: 'lstm', hiddenSize: 128, vocabSize: 65, batchSize: 32, seqLen: 64 });
    expect(plan.parameterCount).toBe(4 * 128 * (65 + 128 + 2) + 65 * 128 + 65);
    // One-hot inputs are looked up, not multiplied; two operations per weight forwards, four backwards.
    expect(plan.flopsPerChar).toBe(6 * (4 * 128 * 128 + 65 * 128));
    expect(plan.memoryBytes).toBeGreaterThan(4 * 4 * plan.parameterCount);
  });

  test('agrees with what training takes', () => {
    const config = { hiddenSize: 64, batchSize: 16, seqLen: 32 };
    const { memoryBytes } = engine.plan({ ...config, vocabSize: 28 });
    const before = engine.usedBytes();
    using trainer = engine.createTrainer(config, SENTENCES);
    trainer.train(2);
    const used = engine.usedBytes() - before;
    expect(used).toBeGreaterThan(0.6 * memoryBytes);
    expect(used).toBeLessThan(1.6 * memoryBytes);
  });
});
