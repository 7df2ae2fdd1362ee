import { describe, expect, test } from 'vitest';
import { PreparedText, UnrollError } from '../../web/engine/index.js';
import type { Classifier, ClassifierConfig, ClassifierTrainerConfig } from '../../web/engine/index.js';
import { LabelledTexts, loadClassifier, loadRegressor, TextClassifier } from '../../web/engine/sequences.js';
import { engine, refusal, refused } from './engine.js';

/** Words of two letters; whatever is before, the last one tells. */
const TEXTS = Array.from({ length: 120 }, (_, i) => `${'ab'.repeat(i % 5)}é${i % 3 === 0 ? 'b' : 'a'}`);
const LABELS = TEXTS.map((text) => Number(text.endsWith('b')));
const CLASSES = ['ends in a', 'ends in b'];
const DATA = new LabelledTexts({ texts: TEXTS, labels: LABELS, classes: CLASSES });

const CONFIG: ClassifierTrainerConfig = {
  cell: 'gru',
  hiddenSize: 7,
  numLayers: 2,
  bidirectional: true,
  embeddingDim: 3,
  dropout: 0.1,
  batchSize: 5,
  seed: 3,
  optimizer: { kind: 'adam', learningRate: 0.01 },
  split: [0.8, 0.1, 0.1],
};

const fingerprintOf = (trainer: { model(): Classifier }): string => {
  using model = trainer.model();
  return model.fingerprint();
};

describe('a trainer of a classifier', () => {
  test('learns which class a text is of', () => {
    using trainer = engine.createTrainer(CONFIG, DATA);
    expect(trainer.info).toMatchObject({ trainTexts: 96, validationTexts: 12, testTexts: 12, stepsPerEpoch: 20 });
    expect(String.fromCodePoint(...trainer.info.vocabulary)).toBe('abé');
    const before = trainer.evaluate('validation');
    expect(before.lossNats).toBeGreaterThan(0.3);
    trainer.train(150);
    expect(trainer.evaluate('test')).toMatchObject({ done: true, positions: 12, accuracy: 1 });
    expect(trainer.evaluate('train').lossNats).toBeLessThan(0.05);

    using model = trainer.model();
    expect(model.parameterCount).toBe(trainer.info.parameterCount);
    expect(refused(() => model.classify(['abc']))).toBe(
      'NOT_IN_VOCABULARY: TextClassifier.classify: "c" is not in the vocabulary (3 characters)',
    );
    expect(refusal(() => model.classify([''])).code).toBe('INVALID_ARGUMENT');
    expect(refusal(() => model.classify([])).code).toBe('INVALID_ARGUMENT');
    const { shape, data } = model.classify(['aba', 'bbabab', 'b']);
    expect(shape).toEqual([3, 2]);
    expect(Array.from(data, Math.round)).toEqual([1, 0, 0, 1, 0, 1]);
    for (let row = 0; row < 3; row++) expect(data[2 * row]! + data[2 * row + 1]!).toBeCloseTo(1, 6);
  });

  test('counts what it measures: its accuracy is that of its model’s answers', () => {
    const texts = TEXTS.slice(0, 40);
    const data = new LabelledTexts({ texts, labels: LABELS.slice(0, 40), classes: CLASSES });
    using trainer = engine.createTrainer({ ...CONFIG, split: [1, 0, 0] }, data);
    trainer.train(4);
    using model = trainer.model();
    const { data: p } = model.classify(texts);
    const right = texts.filter((_, i) => Number(p[2 * i + 1]! > p[2 * i]!) === LABELS[i]).length;
    const loss = texts.reduce((sum, _, i) => sum - Math.log(p[2 * i + LABELS[i]!]!), 0) / 40;
    const { accuracy, lossNats } = trainer.evaluate('train');
    expect(accuracy).toBe(right / 40);
    expect(lossNats).toBeCloseTo(loss, 5);
  });

  test('comes to the same bits, in whatever slices, with evaluations between', () => {
    using straight = engine.createTrainer(CONFIG, DATA);
    using sliced = engine.createTrainer(CONFIG, DATA);
    const { losses } = straight.train(50);
    const told: number[] = [];
    while (sliced.step < 50) {
      told.push(...sliced.trainSlice(Math.min(3, 50 - sliced.step), 1e9).losses);
      sliced.beginEvaluation('validation');
      sliced.continueEvaluation(0);
    }
    expect(told).toEqual([...losses]);
    expect(fingerprintOf(sliced)).toBe(fingerprintOf(straight));
  });

  test('goes on from a saved state to the same bits, in the middle of an epoch too', () => {
    using straight = engine.createTrainer(CONFIG, DATA);
    straight.train(33);
    const state = straight.saveState([['note', 'mine']]);
    straight.train(30);
    using resumed = engine.createTrainer(CONFIG, DATA);
    expect([...resumed.restoreState(state)]).toEqual([['note', 'mine']]);
    resumed.train(30);
    expect(fingerprintOf(resumed)).toBe(fingerprintOf(straight));
    straight.rewind();
    straight.train(33);
    expect(straight.saveState([['note', 'mine']])).toEqual(state);
  });

  test('refuses the state of other texts, other labels and other values', () => {
    using trainer = engine.createTrainer(CONFIG, DATA);
    const state = trainer.saveState();
    const codeOf = (config: ClassifierTrainerConfig, data: LabelledTexts): string => {
      using other = engine.createTrainer(config, data);
      return refusal(() => other.restoreState(state)).code;
    };
    const labels = LABELS.with(7, 1 - LABELS[7]!);
    expect(codeOf(CONFIG, new LabelledTexts({ texts: TEXTS, labels, classes: CLASSES }))).toBe('INVALID_ARGUMENT');
    expect(codeOf({ ...CONFIG, seed: 4 }, DATA)).toBe('INVALID_CONFIG');
    expect(codeOf({ ...CONFIG, bidirectional: false }, DATA)).toBe('INVALID_CONFIG');
  });

  test('goes on with a classifier, whose sizes are its own', () => {
    using first = engine.createTrainer(CONFIG, DATA);
    first.train(20);
    using model = first.model();
    const { optimizer, batchSize } = CONFIG;
    using next = engine.createTrainer({ model, optimizer, batchSize, dropout: 0.1, seed: 3 }, DATA);
    expect(fingerprintOf(next)).toBe(model.fingerprint());
    const before = model.fingerprint();
    next.train(5);
    next.rewind();
    expect(fingerprintOf(next)).toBe(before);
    expect(model.fingerprint()).toBe(before);
  });

  test('refuses a classifier that means something else', () => {
    using trainer = engine.createTrainer(CONFIG, DATA);
    using model = trainer.model();
    const others = new LabelledTexts({ texts: TEXTS, labels: LABELS, classes: CLASSES.toReversed() });
    expect(refused(() => engine.createTrainer({ model }, others))).toBe(
      'INVALID_CONFIG: Trainer: the model\'s classes are "ends in a,ends in b", and those of the texts ' +
        '"ends in b,ends in a"; name the same ones in the same order',
    );
    expect(refusal(() => engine.createTrainer({ model, hiddenSize: 8 }, DATA)).code).toBe('INVALID_CONFIG');
    const strange = new LabelledTexts({ texts: ['abc', ...TEXTS], labels: [0, ...LABELS], classes: CLASSES });
    expect(refusal(() => engine.createTrainer({ model }, strange)).code).toBe('NOT_IN_VOCABULARY');
    using language = engine.createLanguageModel({ hiddenSize: 2, vocabulary: 'abé' });
    expect(refused(() => engine.createTrainer({ model: language as never }, DATA))).toContain(
      'a TextClassifier of this',
    );
  });
});

describe('labelled texts', () => {
  test('may be the lines of a prepared text', () => {
    const prepared = new PreparedText(TEXTS.join('\n'));
    const same = new LabelledTexts({ texts: prepared, labels: Int32Array.from(LABELS), classes: CLASSES });
    using one = engine.createTrainer(CONFIG, DATA);
    using other = engine.createTrainer(CONFIG, same);
    expect(other.saveState()).toEqual(one.saveState());
  });

  test('are looked at before they are used', () => {
    const make = (change: object) => () =>
      new LabelledTexts({ ...{ texts: ['a', 'b'], labels: [0, 1], classes: ['x', 'y'] }, ...change });
    expect(refused(make({ texts: ['a', 'b\nc'] }))).toBe(
      'INVALID_ARGUMENT: LabelledTexts: texts: one is "b\\nc", expected a single line',
    );
    expect(refused(make({ texts: [] }))).toContain('LabelledTexts: texts');
    expect(refused(make({ labels: [0] }))).toBe('SHAPE_MISMATCH: LabelledTexts: labels has 1 numbers, expected 2');
    expect(refused(make({ labels: [0, 2] }))).toBe(
      'INVALID_ARGUMENT: LabelledTexts: labels: a number is 2, expected a whole number from 0 to 1',
    );
    expect(refused(make({ classes: [] }))).toContain('INVALID_ARGUMENT: LabelledTexts: classes');
    const empty = make({ texts: ['a', ''] })();
    expect(refused(() => engine.createTrainer(CONFIG, empty))).toContain(
      'the length of line 1 is 0, expected 1 to 4096',
    );
  });

  test('do not change with the list of their classes', () => {
    (DATA.classes as string[])[0] = 'something else';
    expect(DATA.classes).toEqual(CLASSES);
  });
});

describe('a file', () => {
  const classifiers: readonly [string, ClassifierConfig][] = [
    ['tokens', { vocabSize: 7, hiddenSize: 5, classes: 3, seed: 4 }],
    ['from both ends', { vocabSize: 3, hiddenSize: 5, classes: 2, bidirectional: true, embeddingDim: 2 }],
    [
      'labels of each step',
      { cell: 'rnn_relu', vocabSize: 7, hiddenSize: 5, classes: 3, readout: 'steps', numLayers: 3 },
    ],
    [
      'no biases',
      { cell: 'gru', vocabSize: 7, hiddenSize: 5, classes: 1, bias: false, paddingIdx: 2, embeddingDim: 4 },
    ],
  ];

  test.each(classifiers)('gives a classifier back: %s', (_, config) => {
    using model = engine.createClassifier(config);
    const bytes = engine.saveModel(model, { step: 12 });
    using loaded = loadClassifier(engine, bytes);
    expect(loaded.fingerprint()).toBe(model.fingerprint());
    expect(loaded.config).toEqual(model.config);
    expect(engine.saveModel(loaded, { step: 12 })).toEqual(bytes);
  });

  test('gives back what a classifier of texts knows', () => {
    using trainer = engine.createTrainer(CONFIG, DATA);
    trainer.train(3);
    using model = trainer.model();
    const bytes = engine.saveModel(model);
    using loaded = loadClassifier(engine, bytes);
    expect(loaded).toBeInstanceOf(TextClassifier);
    const { vocabulary, classNames, config } = loaded as TextClassifier;
    expect({ vocabulary, classNames, config }).toEqual({
      vocabulary: 'abé',
      classNames: CLASSES,
      config: model.config,
    });
    expect((loaded as TextClassifier).classify(TEXTS)).toEqual(model.classify(TEXTS));
    expect(engine.saveModel(loaded)).toEqual(bytes);
    using next = engine.createTrainer({ model: loaded as TextClassifier }, DATA);
    expect(fingerprintOf(next)).toBe(model.fingerprint());

    const { metadata, tensors } = engine.readSafetensors(bytes);
    const damaged = (name: string, value: string): string => {
      const file = engine.writeSafetensors(
        new Map([...metadata, [`unroll.${name}`, value]]),
        tensors.map(({ name, shape, data }) => [name, { shape, data: data as Float32Array }] as const),
      );
      return refusal(() => loadClassifier(engine, file)).code;
    };
    expect(damaged('classes', '["x"]')).toBe('SHAPE_MISMATCH');
    expect(damaged('classes', '7')).toBe('FILE_INVALID');
    expect(damaged('vocabulary', '["a","b"]')).toBe('SHAPE_MISMATCH');
    expect(damaged('vocabulary', '{}')).toBe('FILE_INVALID');
    expect(damaged('version', '2')).toBe('FILE_NEWER');
    expect(damaged('kind', 'Tagger')).toBe('FILE_INVALID');
  });

  test('gives a regressor back', () => {
    using model = engine.createRegressor({
      inputSize: 3,
      hiddenSize: 4,
      outputSize: 2,
      bidirectional: true,
      numLayers: 2,
    });
    const bytes = engine.saveModel(model);
    using loaded = loadRegressor(engine, bytes);
    expect(loaded.fingerprint()).toBe(model.fingerprint());
    expect(loaded.config).toEqual(model.config);
    expect(engine.saveModel(loaded)).toEqual(bytes);
  });

  test('has PyTorch’s names', () => {
    using model = engine.createClassifier({ ...classifiers[1]![1] });
    const { metadata, tensors } = engine.readSafetensors(engine.saveModel(model));
    expect(metadata.get('format')).toBe('pt');
    expect(tensors.map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
      'embedding.weight 3x2',
      'rnn.weight_ih_l0 20x2',
      'rnn.weight_hh_l0 20x5',
      'rnn.bias_ih_l0 20',
      'rnn.bias_hh_l0 20',
      'rnn.weight_ih_l0_reverse 20x2',
      'rnn.weight_hh_l0_reverse 20x5',
      'rnn.bias_ih_l0_reverse 20',
      'rnn.bias_hh_l0_reverse 20',
      'head.weight 2x10',
      'head.bias 2',
    ]);
  });

  test('is refused where another kind of network is expected', () => {
    using classifier = engine.createClassifier(classifiers[0]![1]);
    using language = engine.createLanguageModel({ hiddenSize: 2, vocabulary: 'ab' });
    const bytes = engine.saveModel(classifier);
    expect(refused(() => engine.loadModel(bytes))).toBe(
      'FILE_INVALID: model file: it holds a "Classifier", expected a language model',
    );
    expect(refusal(() => engine.describeModel(bytes)).code).toBe('FILE_INVALID');
    expect(refusal(() => loadRegressor(engine, bytes)).code).toBe('FILE_INVALID');
    expect(refusal(() => loadClassifier(engine, engine.saveModel(language))).code).toBe('FILE_INVALID');
    expect(refused(() => loadClassifier({} as never, bytes))).toContain('loadClassifier: the engine is an object');
  });

  /** All of it would be made before the weights are looked at. */
  test.each([
    [{ vocabSize: 4096 }, 'SHAPE_MISMATCH'],
    [{ hiddenSize: 1024 }, 'SHAPE_MISMATCH'],
    [{ numLayers: 8 }, 'MISSING_TENSOR'],
    [{ classes: 4096 }, 'SHAPE_MISMATCH'],
    [{ bidirectional: true }, 'MISSING_TENSOR'],
    [{ embeddingDim: 1024 }, 'SHAPE_MISMATCH'],
    [{ cell: 'gru' }, 'SHAPE_MISMATCH'],
    [{ hidden: 3 }, 'FILE_INVALID'],
    [{ bias: false }, 'MISSING_TENSOR'],
  ])('that says more than it has is refused: %j', (change, code) => {
    using model = engine.createClassifier(classifiers[0]![1]);
    const { metadata } = engine.readSafetensors(engine.saveModel(model));
    const config = { ...(JSON.parse(metadata.get('unroll.config')!) as object), ...change };
    const told = new Map([...metadata, ['unroll.config', JSON.stringify(config)]]);
    const bytes = engine.writeSafetensors(told, model.stateDict());
    const live = engine.liveObjects();
    const error = refusal(() => loadClassifier(engine, bytes));
    expect(error).toBeInstanceOf(UnrollError);
    expect(error.code).toBe(code);
    expect(engine.liveObjects()).toBe(live);
  });
});
