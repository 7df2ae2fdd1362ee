import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tensor, UnrollError } from '../../web/engine/index.js';
import type { LanguageModel, ModelConfig, StateDict, Tensor } from '../../web/engine/index.js';
import { engine, numbers, refusal, refused, SENTENCES, SMALL } from './engine.js';

const VOCABULARY = 'abc déЖ漢😀\n\0"\\';
const make = (config: ModelConfig = {}): LanguageModel =>
  engine.createLanguageModel({ hiddenSize: 4, ...config, vocabulary: VOCABULARY });

/** A file of ours with something changed. */
function changed(change: (metadata: Map<string, string>, tensors: Map<string, Tensor>) => void): Uint8Array {
  using model = make();
  const file = engine.readSafetensors(engine.saveModel(model, { step: 3 }));
  const metadata = new Map(file.metadata);
  const tensors = new Map(model.stateDict());
  change(metadata, tensors);
  return engine.writeSafetensors(metadata, tensors);
}

const withConfig = (config: unknown) => (metadata: Map<string, string>) =>
  void metadata.set('unroll.config', typeof config === 'string' ? config : JSON.stringify(config));

const fullConfig = {
  cell: 'lstm',
  hiddenSize: 4,
  numLayers: 1,
  embeddingDim: 0,
  dropout: 0,
  init: 'pytorch',
  forgetBias: 0,
  seed: 1,
};

describe('a model file', () => {
  test.each<[string, ModelConfig]>([
    ['an LSTM', { cell: 'lstm', dropout: 0.25, init: 'orthogonal', forgetBias: 1, seed: 2 ** 53 - 1 }],
    ['a GRU of three layers', { cell: 'gru', numLayers: 3 }],
    ['an RNN with an embedding', { cell: 'rnn', embeddingDim: 5 }],
    ['an RNN with ReLU', { cell: 'rnn_relu' }],
  ])('gives %s back', (_, config) => {
    using model = make(config);
    const bytes = engine.saveModel(model, { step: 1234, run: 'as told' });
    using loaded = engine.loadModel(bytes);
    expect(loaded.fingerprint()).toBe(model.fingerprint());
    expect(loaded.config).toEqual(model.config);
    expect(loaded.vocabulary).toBe(VOCABULARY);
    expect(engine.saveModel(loaded, { step: 1234, run: 'as told' })).toEqual(bytes);

    const { tensors, ...description } = engine.describeModel(bytes);
    expect(tensors).toEqual(model.stateDict());
    expect(description).toEqual({
      config: model.config,
      vocabulary: VOCABULARY,
      notes: new Map([
        ['generation', String(engine.buildInfo().generation)],
        ['seed', String(model.config.seed)],
        ['step', '1234'],
        ['run', 'as told'],
      ]),
    });
  });

  test('says to Python’s tools that it is one of theirs', () => {
    using model = make();
    const { metadata, tensors } = engine.readSafetensors(engine.saveModel(model));
    expect(metadata.get('format')).toBe('pt');
    expect(tensors.map(({ name }) => name)).toEqual([
      'rnn.weight_ih_l0',
      'rnn.weight_hh_l0',
      'rnn.bias_ih_l0',
      'rnn.bias_hh_l0',
      'head.weight',
      'head.bias',
    ]);
  });

  test('of a model in training does not change with it', () => {
    using trainer = engine.createTrainer(SMALL, SENTENCES);
    using model = trainer.model();
    const before = model.fingerprint();
    const bytes = engine.saveModel(model);
    trainer.train(1);
    using loaded = engine.loadModel(bytes);
    expect(loaded.fingerprint()).toBe(before);
  });

  test.each<[string, object, string]>([
    ['with a word of the file’s own', { config: 'x' }, 'a note is called "config"'],
    ['with a name that is none', { 'a b': 1 }, 'a note is called "a b"'],
    ['that is no number', { step: NaN }, 'the note step is NaN'],
    ['that is an object', { step: {} }, 'the note step is an object'],
  ])('takes no note %s', (_, notes, says) => {
    using model = make();
    expect(refused(() => engine.saveModel(model, notes as never))).toContain(`INVALID_ARGUMENT: saveModel: ${says}`);
  });
});

describe('a state_dict of PyTorch', () => {
  const parameters = (names: Readonly<Record<string, readonly number[]>>): StateDict =>
    new Map(
      Object.entries(names).map(([name, shape], i) => [
        name,
        tensor(
          shape,
          numbers(
            shape.reduce((product, n) => product * n, 1),
            i,
          ),
        ),
      ]),
    );
  const lstm = {
    'emb.weight': [3, 2],
    'rnn.weight_ih_l0': [16, 2],
    'rnn.weight_hh_l0': [16, 4],
    'rnn.bias_ih_l0': [16],
    'rnn.bias_hh_l0': [16],
    'fc.weight': [3, 4],
    'fc.bias': [3],
  };
  const file = (names: Readonly<Record<string, readonly number[]>>): Uint8Array =>
    engine.writeSafetensors([], parameters(names));
  const renamed = (from: RegExp, to: string): Record<string, readonly number[]> =>
    Object.fromEntries(Object.entries(lstm).map(([name, shape]) => [name.replace(from, to), shape]));

  test('is loaded under our names when its characters are known', () => {
    using model = engine.loadModel(file(lstm), { vocabulary: 'xyz' });
    expect(model.config).toEqual({ ...fullConfig, embeddingDim: 2 });
    const given = parameters(lstm);
    expect(model.stateDict().get('head.weight')).toEqual(given.get('fc.weight'));
    expect(model.stateDict().get('embedding.weight')).toEqual(given.get('emb.weight'));
    expect(model.generate({ prompt: 'x', length: 5 })).toHaveLength(5);
  });

  test.each([
    [/^fc/, 'head'],
    [/^fc/, 'linear'],
    [/^fc/, 'decoder'],
    [/^fc/, 'out'],
    [/^rnn/, 'lstm'],
    [/^emb/, 'embedding'],
    [/^emb/, 'encoder'],
  ])('may call %s %s', (from, to) => {
    using model = engine.loadModel(file(renamed(from, to)), { vocabulary: 'xyz' });
    using same = engine.loadModel(file(lstm), { vocabulary: ['x', 'y', 'z'] });
    expect(model.fingerprint()).toBe(same.fingerprint());
  });

  test('tells its cell by the number of its gates, but for the activation of an RNN', () => {
    const cellOf = (gates: number, config?: ModelConfig): string => {
      const names = Object.fromEntries(
        Object.entries(lstm).map(([name, shape]) => [name, shape.map((n) => (n === 16 ? 4 * gates : n))]),
      );
      using model = engine.loadModel(file(names), { vocabulary: 'xyz', config });
      return model.config.cell;
    };
    expect([cellOf(4), cellOf(3), cellOf(1), cellOf(1, { cell: 'rnn_relu' })]).toEqual([
      'lstm',
      'gru',
      'rnn_tanh',
      'rnn_relu',
    ]);
    expect(refused(() => cellOf(3, { cell: 'lstm' }))).toContain(
      'SHAPE_MISMATCH: model file: its recurrent weights have 3 blocks of rows, expected 4 for a lstm',
    );
  });

  test.each<[string, Record<string, readonly number[]>, object, string]>([
    ['without its characters', lstm, {}, 'FILE_INVALID: model file: it does not say which characters its model knows'],
    [
      'with other characters',
      lstm,
      { vocabulary: 'xy' },
      'SHAPE_MISMATCH: model file: the vocabulary has 2 characters, but head.weight has 3 rows',
    ],
    [
      'of another size',
      lstm,
      { vocabulary: 'xyz', config: { hiddenSize: 5 } },
      'SHAPE_MISMATCH: model file: the caller says that hiddenSize is 5, but its tensors have 4',
    ],
    ['with a misspelled option', lstm, { vocab: 'xyz' }, 'INVALID_ARGUMENT: loadModel: there is no option "vocab"'],
    [
      'of an image model',
      { 'conv1.weight': [3, 3, 3, 3] },
      { vocabulary: 'xyz' },
      'MISSING_TENSOR: model file: there is no place for tensor "conv1.weight"',
    ],
    [
      'without a head',
      { 'rnn.weight_hh_l0': [16, 4] },
      { vocabulary: 'xyz' },
      'MISSING_TENSOR: model file: there is no tensor "head.weight"',
    ],
    [
      'with a flat head',
      { ...lstm, 'fc.weight': [12] },
      { vocabulary: 'xyz' },
      'SHAPE_MISMATCH: model file: head.weight has shape (12,), expected two sizes',
    ],
    [
      'with two heads',
      { ...lstm, 'head.weight': [3, 4] },
      { vocabulary: 'xyz' },
      'FILE_INVALID: model file: "head.weight" is a second tensor for head.weight',
    ],
    [
      'of a bidirectional network',
      { ...lstm, 'rnn.weight_hh_l0_reverse': [16, 4] },
      { vocabulary: 'xyz' },
      'SHAPE_MISMATCH: model file: "rnn.weight_hh_l0_reverse" belongs to a bidirectional network',
    ],
    [
      'with two gates',
      { ...lstm, 'rnn.weight_hh_l0': [8, 4] },
      { vocabulary: 'xyz' },
      'SHAPE_MISMATCH: model file: rnn.weight_hh_l0 has shape (8, 4), which fits no cell of the 4 hidden units',
    ],
    ['with one bias', omit(lstm, 'rnn.bias_hh_l0'), { vocabulary: 'xyz' }, 'MISSING_TENSOR: '],
    ['with a bias too many', { ...lstm, 'rnn.bias_hh_l1': [16] }, { vocabulary: 'xyz' }, 'MISSING_TENSOR: '],
    ['with a wrong size inside', { ...lstm, 'rnn.bias_hh_l0': [15] }, { vocabulary: 'xyz' }, 'SHAPE_MISMATCH: '],
  ])('%s is refused', (_, names, options, says) => {
    const before = engine.liveObjects();
    expect(refused(() => engine.loadModel(file(names), options))).toContain(says);
    expect(engine.liveObjects()).toBe(before);
  });
});

describe('a damaged file', () => {
  test.each<[string, (metadata: Map<string, string>, tensors: Map<string, Tensor>) => void, string]>([
    [
      'of a newer Unroll',
      (m) => void m.set('unroll.version', '2'),
      'FILE_NEWER: model file: it was written by a newer Unroll (version 2',
    ],
    ['of no version', (m) => void m.set('unroll.version', 'one'), 'FILE_INVALID: model file: its version is "one"'],
    [
      'without a configuration',
      (m) => void m.delete('unroll.config'),
      'FILE_INVALID: model file: it does not say its config',
    ],
    [
      'without a vocabulary',
      (m) => void m.delete('unroll.vocabulary'),
      'FILE_INVALID: model file: it does not say its vocabulary',
    ],
    ['with a configuration of no form', withConfig('{'), 'FILE_INVALID: model file: its config is "{", expected JSON'],
    [
      'with a list for a configuration',
      withConfig([]),
      'FILE_INVALID: model file: its config: the options are an array of 0',
    ],
    [
      'with a number in words',
      withConfig({ ...fullConfig, hiddenSize: '4' }),
      'FILE_INVALID: model file: its config: hiddenSize is "4"',
    ],
    [
      'with an unknown option',
      withConfig({ ...fullConfig, __proto__x: 1 }),
      'FILE_INVALID: model file: its config: there is no option',
    ],
    [
      'with another size',
      withConfig({ ...fullConfig, hiddenSize: 5 }),
      'SHAPE_MISMATCH: model file: the file says that hiddenSize is 5',
    ],
    [
      'with another depth',
      withConfig({ ...fullConfig, numLayers: 2 }),
      'SHAPE_MISMATCH: model file: the file says that numLayers is 2',
    ],
    [
      'with another cell',
      withConfig({ ...fullConfig, cell: 'gru' }),
      'SHAPE_MISMATCH: model file: its recurrent weights have 4 blocks of rows, expected 3 for a gru',
    ],
    [
      'with a dropout beyond all',
      withConfig({ ...fullConfig, dropout: 7 }),
      'INVALID_CONFIG: ModelConfig: dropout is 7',
    ],
    [
      'with a vocabulary in words',
      (m) => void m.set('unroll.vocabulary', '["ab"]'),
      'FILE_INVALID: model file: its vocabulary is an array of 1',
    ],
    [
      'with a character twice',
      (m) => void m.set('unroll.vocabulary', JSON.stringify([...'aac déЖ漢😀\n\0"\\'])),
      'INVALID_ARGUMENT: ',
    ],
    ['without a tensor', (_, t) => void t.delete('head.bias'), 'MISSING_TENSOR: '],
    ['with a tensor of another shape', (_, t) => void t.set('head.bias', tensor([3])), 'SHAPE_MISMATCH: '],
    ['with a weight that is no number', (_, t) => void (t.get('head.bias')!.data[2] = NaN), 'NOT_FINITE: '],
    ['with an infinite weight', (_, t) => void (t.get('rnn.weight_hh_l0')!.data[63] = -Infinity), 'NOT_FINITE: '],
  ])('%s', (_, change, says) => {
    const before = engine.liveObjects();
    const bytes = changed(change);
    expect(refused(() => engine.loadModel(bytes))).toContain(says);
    expect(engine.liveObjects()).toBe(before);
  });

  test('that asks for more than it has gets no memory', () => {
    const bytes = changed(withConfig({ ...fullConfig, hiddenSize: 1024, numLayers: 7 }));
    const before = engine.heapBytes();
    expect(refusal(() => engine.loadModel(bytes)).code).toBe('SHAPE_MISMATCH');
    expect(engine.heapBytes()).toBe(before);
  });

  test('that is a fixture, a picture or nothing is said to be no model', () => {
    const tests = [new Uint8Array(), new TextEncoder().encode('\x89PNG\r\n\x1a\n and so on'), new Uint8Array(5000)];
    for (const bytes of tests) expect(refusal(() => engine.loadModel(bytes)).code).toBe('FILE_INVALID');
    const page = new TextEncoder().encode('<!doctype html><title>404</title>');
    expect(refusal(() => engine.loadModel(page)).code).toBe('FILE_INVALID');
  });

  test('with tensors of whole numbers is no model', () => {
    const counting = readFileSync(new URL('../golden/parity/lm_gru_emb_l2.safetensors', import.meta.url));
    expect(refusal(() => engine.loadModel(new Uint8Array(counting), { vocabulary: 'abc' })).code).toBe(
      'MISSING_TENSOR',
    );
  });

  test('cut off anywhere is refused', () => {
    using model = make();
    const whole = engine.saveModel(model, { step: 3 });
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(() => engine.loadModel(whole.subarray(0, length))).code).toBe('FILE_INVALID');
    }
    const longer = new Uint8Array(whole.length + 1);
    longer.set(whole);
    expect(refusal(() => engine.loadModel(longer)).code).toBe('FILE_INVALID');
  });

  test('with any bit of its header flipped is refused with a sentence, or means a model of the same size', () => {
    using model = make();
    const whole = engine.saveModel(model, { step: 3 });
    const header = 8 + Number(new DataView(whole.buffer).getBigUint64(0, true));
    const before = engine.liveObjects();
    let refusals = 0;
    for (let bit = 0; bit < header * 8; bit++) {
      const bytes = whole.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      try {
        using loaded = engine.loadModel(bytes);
        expect(loaded.parameterCount).toBe(model.parameterCount);
      } catch (error) {
        if (!(error instanceof UnrollError) || error.code === 'ENGINE_STOPPED' || error.code === 'INTERNAL')
          throw error;
        refusals++;
      }
    }
    expect(refusals).toBeGreaterThan(header * 4);
    expect(engine.liveObjects()).toBe(before);
  });

  test.each([[undefined], ['text'], [[1, 2]], [new ArrayBuffer(8)]])('given as %j is no file', (bytes) => {
    expect(refusal(() => engine.loadModel(bytes as never)).code).toBe('INVALID_ARGUMENT');
  });
});

describe('safetensors', () => {
  test('keep shapes, numbers and words', () => {
    const tensors = new Map([
      ['__proto__', tensor([2, 1, 3], numbers(6))],
      ['naïve 漢 😀', tensor([1], [-0])],
    ]);
    const metadata = new Map([
      ['__proto__', 'a "quoted" \\ word\n'],
      ['constructor', '😀'],
    ]);
    const file = engine.readSafetensors(engine.writeSafetensors(metadata, tensors));
    expect(file.metadata).toEqual(metadata);
    expect(new Map(file.tensors.map(({ name, shape, data }) => [name, { shape, data }]))).toEqual(tensors);
  });

  test('give doubles and whole numbers as they are', () => {
    const { tensors } = engine.readSafetensors(
      new Uint8Array(readFileSync(new URL('../golden/parity/lm_gru_emb_l2.safetensors', import.meta.url))),
    );
    const kinds = new Map(tensors.map(({ dtype, data }) => [dtype, data.constructor.name]));
    expect(kinds).toEqual(
      new Map([
        ['F64', 'Float64Array'],
        ['I64', 'BigInt64Array'],
        ['F32', 'Float32Array'],
      ]),
    );
  });

  test.each<[string, () => unknown, string]>([
    [
      'two tensors of one name',
      () =>
        engine.writeSafetensors(
          [],
          [
            ['a', tensor([1])],
            ['a', tensor([1])],
          ],
        ),
      'there are two tensors with the name "a"',
    ],
    ['a tensor without a name', () => engine.writeSafetensors([], [[1, tensor([1])]] as never), "a tensor's name is 1"],
    [
      'a tensor without numbers',
      () => engine.writeSafetensors([], { a: { shape: [1] } } as never),
      'writeSafetensors: a: data is missing',
    ],
    [
      'a shape that is not true',
      () => engine.writeSafetensors([], { a: { shape: [2], data: numbers(1) } }),
      'writeSafetensors: a has 1 numbers, expected 2',
    ],
    [
      'metadata that are no words',
      () => engine.writeSafetensors([['a', 1]] as never, {}),
      'writeSafetensors: metadata is "a": 1, expected strings',
    ],
  ])('are not written with %s', (_, write, says) => {
    expect(refused(write)).toContain(says);
  });
});

function omit(names: Readonly<Record<string, readonly number[]>>, name: string): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(names).filter(([key]) => key !== name));
}
