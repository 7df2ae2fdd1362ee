import { describe, expect, test } from 'vitest';
import type { Classifier, ClassifierConfig, StateDict, Tensor } from '../../web/engine/index.js';
import { engine, refused } from './engine.js';
import { affine, closeTo, lstmStep, rowsOf, softmax } from './reference.js';

const CONFIG: ClassifierConfig = { vocabSize: 7, hiddenSize: 5, classes: 3, seed: 4 };
/** Unsorted, one of a single token, two of the same length. */
const SEQUENCES = [[1, 2, 3], [6], [0, 5, 4, 3, 2], [2, 2, 2]];
const LABELS = [2, 0, 1, 1];

/** The parameters of the recurrent part, under the names of a layer. */
const recurrent = (weights: StateDict): StateDict =>
  new Map(Array.from(weights, ([name, value]) => [name.replace('rnn.', ''), value] as const));

/** What an LSTM makes of one sequence in one direction: h after each step. */
function states(weights: StateDict, suffix: string, ids: readonly number[], input: (id: number) => ArrayLike<number>) {
  let h = Array<number>(5).fill(0);
  let c = Array<number>(5).fill(0);
  return ids.map((id) => {
    ({ h, c } = lstmStep(recurrent(weights), `l0${suffix}`, input(id), h, c));
    return h;
  });
}

const oneHot = (id: number): number[] => Array.from({ length: 7 }, (_, j) => Number(j === id));
const rowOf = ({ shape, data }: Tensor, row: number): Float32Array =>
  data.slice(row * shape[1]!, (row + 1) * shape[1]!);

describe('a classifier', () => {
  test('answers from the state after each sequence’s own last step', () => {
    using model = engine.createClassifier(CONFIG);
    const weights = model.stateDict();
    const { outputs, features, hN } = model.forward(SEQUENCES);
    expect([outputs.shape, features!.shape, hN.shape]).toEqual([
      [4, 3],
      [4, 5],
      [1, 4, 5],
    ]);
    const last = SEQUENCES.map((ids) => states(weights, '', ids, oneHot).at(-1)!);
    closeTo(features!.data, last.flat());
    closeTo(hN.data, last.flat());
    closeTo(
      outputs.data,
      last.flatMap((h) => affine(weights.get('head.weight')!, h, weights.get('head.bias'))),
    );
  });

  test('reads from both ends, through an embedding', () => {
    using model = engine.createClassifier({ ...CONFIG, bidirectional: true, embeddingDim: 4 });
    const weights = model.stateDict();
    const embedded = (id: number): Float32Array => rowOf(weights.get('embedding.weight')!, id);
    const { features, outputs } = model.forward(SEQUENCES);
    const both = SEQUENCES.map((ids) => [
      ...states(weights, '', ids, embedded).at(-1)!,
      ...states(weights, '_reverse', ids.toReversed(), embedded).at(-1)!,
    ]);
    closeTo(features!.data, both.flat());
    closeTo(
      outputs.data,
      both.flatMap((h) => affine(weights.get('head.weight')!, h, weights.get('head.bias'))),
    );
  });

  test('labels every token with readout steps, and leaves the padding zero', () => {
    using model = engine.createClassifier({ ...CONFIG, readout: 'steps' });
    const weights = model.stateDict();
    const { outputs, features } = model.forward(SEQUENCES);
    expect(outputs.shape).toEqual([5, 4, 3]);
    expect(features).toBeNull();
    const rows = rowsOf(outputs);
    SEQUENCES.forEach((ids, b) => {
      const own = states(weights, '', ids, oneHot);
      for (let t = 0; t < 5; t++) {
        const h = own[t];
        closeTo(rows[t * 4 + b]!, h ? affine(weights.get('head.weight')!, h, weights.get('head.bias')) : [0, 0, 0]);
      }
    });
  });

  test.each([{}, { bidirectional: true, numLayers: 2 }, { cell: 'gru', embeddingDim: 3 }] as const)(
    'says of each sequence what it says of it alone: %j',
    (changes) => {
      using model = engine.createClassifier({ ...CONFIG, ...changes });
      const { outputs } = model.forward(SEQUENCES);
      SEQUENCES.forEach((ids, b) => expect(model.forward([ids]).outputs.data).toEqual(rowOf(outputs, b)));
    },
  );

  test('predicts the likeliest', () => {
    using model = engine.createClassifier(CONFIG);
    const { outputs } = model.forward(SEQUENCES);
    const { classes, probabilities } = model.predict(SEQUENCES);
    closeTo(probabilities.data, rowsOf(outputs).flatMap(softmax));
    expect([...classes]).toEqual(rowsOf(outputs).map((row) => row.indexOf(Math.max(...row))));
  });

  test('has no biases but the head’s when told so', () => {
    using model = engine.createClassifier({ ...CONFIG, bias: false });
    expect([...model.stateDict().keys()]).toEqual(['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'head.weight', 'head.bias']);
    expect(model.parameterCount).toBe(20 * 7 + 20 * 5 + 3 * 5 + 3);
  });
});

/** (loss(w + d) - loss(w - d)) / 2d along one number of a parameter. */
function slope(model: Classifier, loss: () => number, name: string, place: number): number {
  const weights = model.stateDict();
  const delta = 1e-2;
  const at = (shift: number): number => {
    const moved = new Map(weights);
    const { shape, data } = weights.get(name)!;
    moved.set(name, { shape, data: data.map((x, i) => (i === place ? x + shift : x)) });
    model.loadStateDict(moved);
    return loss();
  };
  const result = (at(delta) - at(-delta)) / (2 * delta);
  model.loadStateDict(weights);
  return result;
}

describe('its loss', () => {
  test.each([
    [{}, LABELS, {}],
    [{ bidirectional: true, embeddingDim: 4 }, LABELS, { labelSmoothing: 0.1, weights: [1, 2, 0, 1] }],
    [{ readout: 'steps' }, SEQUENCES.map((ids) => ids.map((id) => id % 3)), { ignoreIndex: 2 }],
  ] as const)('is that of its outputs, and its gradients point up: %j', (changes, labels, options) => {
    using model = engine.createClassifier({ ...CONFIG, ...changes });
    const { loss, perRow, outputs, gradients } = model.lossAndGradients(SEQUENCES, labels as never, options);
    expect(outputs).toEqual(model.forward(SEQUENCES).outputs);
    const flat =
      'readout' in changes
        ? Array.from({ length: 20 }, (_, i) => (labels as readonly (readonly number[])[])[i % 4]![i >> 2] ?? -1)
        : (labels as readonly number[]);
    // In the padding no answer counts.
    const none = 'ignoreIndex' in options ? options.ignoreIndex : -100;
    const own = engine.crossEntropy(
      outputs,
      flat.map((label) => (label === -1 ? none : label)),
      options,
    );
    expect(loss).toBeCloseTo(own.loss, 6);
    closeTo(perRow, own.perRow);
    for (const [name, gradient] of gradients) {
      const place = gradient.data.length >> 1;
      const measure = (): number => model.lossAndGradients(SEQUENCES, labels as never, options).loss;
      expect(slope(model, measure, name, place)).toBeCloseTo(gradient.data[place]!, 3);
    }
  });

  test('does not see what is behind a sequence: a batch with longer ones has the same gradients to the bit', () => {
    using model = engine.createClassifier({ ...CONFIG, bidirectional: true });
    const short = [[1, 2, 3], [6], [2, 2, 2]];
    const one = model.lossAndGradients(short, [2, 0, 1]);
    // The fourth is long and does not count.
    const two = model.lossAndGradients([...short, [0, 1, 2, 3, 4, 5, 6]], [2, 0, 1, 0], { weights: [1, 1, 1, 0] });
    expect(two.loss).toBe(one.loss);
    expect(two.gradients).toEqual(one.gradients);
  });

  test('leaves the embedding of the padding token alone', () => {
    using model = engine.createClassifier({ ...CONFIG, embeddingDim: 4, paddingIdx: 2 });
    const { gradients } = model.lossAndGradients(SEQUENCES, LABELS);
    const rows = rowsOf(gradients.get('embedding.weight')!);
    expect([...rows[2]!]).toEqual([0, 0, 0, 0]);
    expect(rows[3]!.every((g) => g !== 0)).toBe(true);
  });

  test('has dropout in training only', () => {
    using model = engine.createClassifier({ ...CONFIG, numLayers: 2, dropout: 0.5 });
    const calm = model.forward(SEQUENCES).outputs;
    expect(model.forward(SEQUENCES, { training: false }).outputs).toEqual(calm);
    expect(model.forward(SEQUENCES, { training: true }).outputs).not.toEqual(calm);
    expect(model.lossAndGradients(SEQUENCES, LABELS).outputs).not.toEqual(calm);
    expect(model.lossAndGradients(SEQUENCES, LABELS, { training: false }).outputs).toEqual(calm);
  });
});

describe('in training', () => {
  test('it learns which token a sequence begins with', () => {
    using model = engine.createClassifier({ ...CONFIG, hiddenSize: 16, classes: 2 });
    const begin = (i: number): number[] => [
      i % 2,
      ...Array.from({ length: 3 + (i % 4) }, (_, t) => 2 + ((i * 3 + t * 5) % 5)),
    ];
    const batch = Array.from({ length: 20 }, (_, i) => begin(i));
    const labels = batch.map(([first]) => first!);
    model.configureOptimizer({ kind: 'adam', learningRate: 0.02 });
    const losses = Array.from({ length: 60 }, () => {
      const { loss } = model.lossAndGradients(batch, labels);
      model.applyGradients({ clipNorm: 1 });
      return loss;
    });
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.05);
    expect([...model.predict(batch).classes]).toEqual(labels);
    expect([...model.optimizerState().keys()]).toContain('exp_avg.head.bias');
  });

  test('another with its weights is the same to the bit', () => {
    using model = engine.createClassifier(CONFIG);
    using twin = engine.createClassifier({ ...CONFIG, seed: 5 });
    expect(twin.forward(SEQUENCES)).not.toEqual(model.forward(SEQUENCES));
    twin.loadStateDict(model.stateDict());
    expect(twin.forward(SEQUENCES)).toEqual(model.forward(SEQUENCES));
  });
});

describe('calls that are refused', () => {
  const model = engine.createClassifier(CONFIG);
  const tagger = engine.createClassifier({ ...CONFIG, readout: 'steps' });
  const make = (config: unknown) => (): unknown => engine.createClassifier(config as ClassifierConfig);
  const loss =
    (on: Classifier, ...args: unknown[]) =>
    (): unknown =>
      Reflect.apply(on.lossAndGradients, on, args);
  test.each<[string, () => unknown]>([
    [
      'INVALID_ARGUMENT: ClassifierConfig: vocabSize is missing, expected a number',
      make({ hiddenSize: 1, classes: 1 }),
    ],
    ['INVALID_ARGUMENT: ClassifierConfig: hiddenSize is missing', make({ vocabSize: 1, classes: 1 })],
    ['INVALID_ARGUMENT: ClassifierConfig: classes is missing', make({ vocabSize: 1, hiddenSize: 1 })],
    ['INVALID_ARGUMENT: ClassifierConfig: there is no option "batchSize"', make({ ...CONFIG, batchSize: 1 })],
    ['INVALID_ARGUMENT: ClassifierConfig: readout is "all", expected last, steps', make({ ...CONFIG, readout: 'all' })],
    ['INVALID_CONFIG', make({ ...CONFIG, classes: 0 })],
    ['INVALID_CONFIG', make({ ...CONFIG, numLayers: 9 })],
    ['INVALID_CONFIG', make({ ...CONFIG, dropout: 1 })],
    ['INVALID_CONFIG', make({ ...CONFIG, paddingIdx: 2 })], // there is no embedding
    ['INVALID_CONFIG', make({ ...CONFIG, vocabSize: 0 })],
    ['TOO_BIG', make({ ...CONFIG, hiddenSize: 1024, numLayers: 8, bidirectional: true })],
    ['INVALID_ARGUMENT', () => model.forward([])],
    ['INVALID_ARGUMENT', () => model.forward([[]])],
    ['INVALID_ARGUMENT', () => model.forward([[1], 'abc' as never])],
    ['a number is 7, expected a whole number from 0 to 6', () => model.forward([[1], [7]])],
    ['a number is -1', () => model.forward([[-1]])],
    ['TOO_BIG', () => model.forward(Array.from({ length: 1024 }, () => new Int32Array(4096)))],
    ['SHAPE_MISMATCH', loss(model, SEQUENCES, [1])],
    ['a number is 3, expected a whole number from 0 to 2', loss(model, SEQUENCES, [0, 0, 0, 3])],
    ['INVALID_ARGUMENT', loss(model, SEQUENCES, [-100, -100, -100, -100])],
    ['expected an array of 4, one list of classes for each sequence', loss(tagger, SEQUENCES, [[1, 1, 1]])],
    ['SHAPE_MISMATCH', loss(tagger, SEQUENCES, [[1], [1], [1], [1]])],
    ['WRONG_STATE: SequenceModel.applyGradients: call configureOptimizer() first', () => model.applyGradients()],
    ['MISSING_TENSOR', () => model.loadStateDict({})],
  ])('%s', (says, action) => expect(refused(action)).toContain(says));

  test('use after delete', () => {
    const gone = engine.createClassifier(CONFIG);
    gone.delete();
    for (const use of [() => gone.forward(SEQUENCES), () => gone.predict(SEQUENCES), () => gone.stateDict()]) {
      expect(refused(use)).toBe('DELETED: Classifier: this object was deleted and cannot be used any more');
    }
  });
});
