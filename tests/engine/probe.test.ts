import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { LanguageModel, Rnn, Tensor } from '../../web/engine/index.js';
import { engine, numbers, refused } from './engine.js';
import { affine, closeTo, lstmStep, norm, rowsOf, sigmoid, softmax } from './reference.js';

const VOCABULARY = 'abcdef';
const TEXT = 'badcafefade';
const make = (changes: object = {}): LanguageModel =>
  engine.createLanguageModel({ hiddenSize: 5, seed: 3, vocabulary: VOCABULARY, ...changes });
const oneHot = (character: string): number[] => [...VOCABULARY].map((own) => Number(own === character));

/** The recurrent weights of a model with one layer, as an Rnn's. */
function rnnOf(model: LanguageModel): Rnn {
  const rnn = engine.createRnn({ cell: model.config.cell, inputSize: 6, hiddenSize: 5 });
  const own = [...model.stateDict()].filter(([name]) => name.startsWith('rnn.'));
  rnn.loadStateDict(own.map(([name, value]) => [name.slice(4), value] as const));
  return rnn;
}

describe('a probe', () => {
  test('shows the gates, states and odds of an LSTM', () => {
    using model = make();
    const weights = model.stateDict();
    const recurrent = new Map(Array.from(weights, ([name, value]) => [name.replace('rnn.', ''), value] as const));
    const { gateNames, layers, probabilities, guess } = model.probe(TEXT);
    expect(gateNames).toEqual(['i', 'f', 'g', 'o']);
    expect(guess).toBeNull();
    const [{ gates, h, c }] = layers as [(typeof layers)[0]];
    expect([gates!.shape, h.shape, c!.shape, probabilities.shape]).toEqual([
      [11, 4, 5],
      [11, 5],
      [11, 5],
      [11, 6],
    ]);
    let own = { gates: [] as readonly number[][], h: Array<number>(5).fill(0), c: Array<number>(5).fill(0) };
    [...TEXT].forEach((character, t) => {
      own = lstmStep(recurrent, 'l0', oneHot(character), own.h, own.c);
      closeTo(gates!.data.slice(20 * t, 20 * t + 20), own.gates.flat());
      closeTo(rowsOf(h)[t]!, own.h);
      closeTo(rowsOf(c!)[t]!, own.c);
      closeTo(rowsOf(probabilities)[t]!, softmax(affine(weights.get('head.weight')!, own.h, weights.get('head.bias'))));
    });
  });

  test('shows the gates of a GRU, which its states follow from', () => {
    using model = make({ cell: 'gru', numLayers: 2 });
    const { gateNames, layers } = model.probe(TEXT);
    expect(gateNames).toEqual(['r', 'z', 'n']);
    const weights = model.stateDict();
    layers.forEach(({ gates, h, c }, k) => {
      expect(c).toBeNull();
      const states = rowsOf(h);
      [...TEXT].forEach((character, t) => {
        const before = t === 0 ? Array<number>(5).fill(0) : [...states[t - 1]!];
        const [r, z, n] = rowsOf({ shape: [3, 5], data: gates!.data.slice(15 * t, 15 * t + 15) }) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const input = k === 0 ? oneHot(character) : rowsOf(layers[0]!.h)[t]!;
        const fromInput = affine(weights.get(`rnn.weight_ih_l${k}`)!, input, weights.get(`rnn.bias_ih_l${k}`));
        const fromState = affine(weights.get(`rnn.weight_hh_l${k}`)!, before, weights.get(`rnn.bias_hh_l${k}`));
        closeTo(
          r,
          before.map((_, j) => sigmoid(fromInput[j]! + fromState[j]!)),
        );
        closeTo(
          z,
          before.map((_, j) => sigmoid(fromInput[5 + j]! + fromState[5 + j]!)),
        );
        closeTo(
          n,
          before.map((_, j) => Math.tanh(fromInput[10 + j]! + r[j]! * fromState[10 + j]!)),
        );
        closeTo(
          states[t]!,
          before.map((old, j) => (1 - z[j]!) * n[j]! + z[j]! * old),
        );
      });
    });
  });

  test('of a plain network has no gates', () => {
    using model = make({ cell: 'rnn' });
    const { gateNames, layers } = model.probe('abc');
    expect(gateNames).toEqual([]);
    expect(layers[0]).toMatchObject({ gates: null, c: null });
  });

  test('foresees the text as its evaluation does', () => {
    using model = make({ embeddingDim: 3, numLayers: 2 });
    const { probabilities } = model.probe(TEXT);
    const { logProbs } = model.evaluateText(TEXT);
    const odds = [...TEXT].slice(1).map((character, t) => rowsOf(probabilities)[t]![VOCABULARY.indexOf(character)]!);
    closeTo(odds.map(Math.log), logProbs);
  });
});

/** What `gradientFlow` should say of one layer, from backward passes over every rest of the sequence. */
function flowByParts(rnn: Rnn, x: Tensor, w: Tensor): { h: number[]; c: number[] } {
  const [steps, size] = x.shape as [number, number];
  const h = [];
  const c = [];
  for (let t = 0; t < steps; t++) {
    const rest = { shape: [steps - t, size], data: x.data.slice(t * size) };
    const begin = t === 0 ? null : rnn.forward({ shape: [t, size], data: x.data.slice(0, t * size) });
    const state = begin === null ? undefined : { h: begin.hN, c: begin.cN };
    rnn.forward(rest, { state });
    const { h0, c0 } = rnn.backward({ hN: { shape: [1, w.data.length], data: w.data } });
    h.push(norm(h0.data));
    if (c0 === null) continue;
    // c_t is seen by the step after it and, through o .* tanh(c_t) = h_t, by the output.
    const through =
      begin === null
        ? c0.data
        : c0.data.map((own, j) => {
            const tanh = Math.tanh(begin.cN!.data[j]!);
            return own + h0.data[j]! * (begin.hN.data[j]! / tanh) * (1 - tanh * tanh);
          });
    c.push(norm(through));
  }
  return { h, c };
}

describe('the flow of a gradient', () => {
  const x = tensor([9, 6], numbers(54));
  const w = tensor([5], numbers(5, 3));

  test.each(['lstm', 'gru', 'rnn_tanh', 'rnn_relu'] as const)(
    'has the norms of the gradients by each state: %s',
    (cell) => {
      using rnn = engine.createRnn({ cell, inputSize: 6, hiddenSize: 5, seed: 7 });
      const flow = rnn.gradientFlow(x, w);
      const { h, c } = flowByParts(rnn, x, w);
      const [layer] = flow.layers;
      closeTo(layer!.h, [...h, norm(w.data)], 1e-5);
      if (cell === 'lstm') closeTo(layer!.c!.slice(0, 9), c, 1e-5);
      else expect(layer!.c).toBeNull();
      const { output } = rnn.forward(x);
      const { x: byInput, h0 } = rnn.backward({ hN: { shape: [1, 5], data: w.data } });
      closeTo(flow.input, rowsOf(byInput).map(norm), 1e-5);
      expect(flow.x).toEqual(byInput);
      expect(flow.h0).toEqual(h0);
      closeTo(flow.hT.data, output.data.slice(40), 0);
      closeTo([flow.loss], [output.data.slice(40).reduce((sum, own, j) => sum + own * w.data[j]!, 0)]);
    },
  );

  test('starts from a given state, and knows the top layer of several', () => {
    using rnn = engine.createRnn({ cell: 'gru', inputSize: 6, hiddenSize: 5, numLayers: 2 });
    const state = { h: tensor([2, 5], numbers(10)) };
    const flow = rnn.gradientFlow(x, w, state);
    const { hN } = rnn.forward(x, { state });
    const { h0 } = rnn.backward({ hN: tensor([2, 5], [...Array<number>(5).fill(0), ...w.data]) });
    expect(flow.h0).toEqual(h0);
    expect(flow.hT.data).toEqual(hN.data.slice(5));
    expect(flow.layers[1]!.h[9]).toBeCloseTo(norm(w.data), 5);
    closeTo(
      flow.layers.map(({ h }) => h[0]!),
      rowsOf(h0).map(norm),
      1e-5,
    );
  });

  test('fades in a plain network, and hardly in an LSTM that remembers', () => {
    const long = tensor([100, 1], numbers(100));
    using plain = engine.createRnn({ cell: 'rnn', inputSize: 1, hiddenSize: 5 });
    using lstm = engine.createRnn({ inputSize: 1, hiddenSize: 5, forgetBias: 6 });
    const [first, last] = [plain.gradientFlow(long, w).layers[0]!.h, lstm.gradientFlow(long, w).layers[0]!.c!];
    expect(first[0]! / first[100]!).toBeLessThan(1e-10);
    expect(last[0]! / last[100]!).toBeGreaterThan(0.2);
  });

  const plain = (): Rnn => engine.createRnn({ inputSize: 6, hiddenSize: 5 });
  test.each<[string, () => unknown]>([
    ['SHAPE_MISMATCH: Rnn.gradientFlow: w has shape (4,), expected (5,)', () => plain().gradientFlow(x, tensor([4]))],
    ['SHAPE_MISMATCH: Rnn.forward: x has shape', () => plain().gradientFlow(tensor([9, 5]), w)],
    ['INVALID_ARGUMENT', () => plain().gradientFlow(tensor([9, 2, 6]), w)],
    [
      'INVALID_ARGUMENT',
      () => engine.createRnn({ inputSize: 6, hiddenSize: 5, bidirectional: true }).gradientFlow(x, w),
    ],
  ])('is refused: %s', (says, action) => expect(refused(action)).toContain(says));
});

describe('a guess', () => {
  test('has the loss of the character that came, and its flow', () => {
    using model = make();
    using rnn = rnnOf(model);
    const { guess, probabilities } = model.probe(TEXT, { target: 'd' });
    const odds = rowsOf(probabilities).at(-1)!;
    expect(guess!.lossNats).toBeCloseTo(-Math.log(odds[3]!), 5);
    expect(guess!.lossNats).toBeCloseTo(-model.evaluateText(`${TEXT}d`).logProbs.at(-1)!, 5);
    // The gradient of -ln p(d) by h_T is W^T (p - onehot(d)).
    const head = rowsOf(model.stateDict().get('head.weight')!);
    const byLogits = [...odds].map((p, j) => p - Number(j === 3));
    const w = tensor(
      [5],
      [0, 1, 2, 3, 4].map((j) => head.reduce((sum, row, k) => sum + row[j]! * byLogits[k]!, 0)),
    );
    const own = rnn.gradientFlow(tensor([11, 6], [...TEXT].flatMap(oneHot)), w);
    closeTo(guess!.flow.layers[0]!.h, own.layers[0]!.h, 1e-5);
    closeTo(guess!.flow.layers[0]!.c!, own.layers[0]!.c!, 1e-5);
    closeTo(guess!.flow.input, own.input, 1e-5);
  });

  test('looks at each character through its embedding', () => {
    using model = make({ embeddingDim: 3, numLayers: 2 });
    const { flow } = model.probe(TEXT, { target: 'a' }).guess!;
    expect([flow.input.length, ...flow.layers.map(({ h }) => h.length)]).toEqual([11, 12, 12]);
    expect(flow.input.every((own) => own > 0)).toBe(true);
  });

  test('says the same a second time, and changes no weight', () => {
    using model = make({ cell: 'gru' });
    const before = model.fingerprint();
    expect(model.probe(TEXT, { target: 'a' })).toEqual(model.probe(TEXT, { target: 'a' }));
    expect(model.fingerprint()).toBe(before);
  });

  test('is found alike in a trainer’s model, whose training goes on to the same bits', () => {
    const text = TEXT.repeat(80);
    const config = { hiddenSize: 6, batchSize: 2, seqLen: 5, dropout: 0.3, numLayers: 2 };
    using one = engine.createTrainer(config, text);
    using two = engine.createTrainer(config, text);
    one.train(10);
    two.train(5);
    using model = two.model();
    model.probe(TEXT, { target: 'a' });
    two.train(5);
    using other = one.model();
    expect(model.fingerprint()).toBe(other.fingerprint());
  });
});

describe('probes are refused', () => {
  const model = make();
  test.each<[string, () => unknown]>([
    ['TEXT_TOO_SHORT', () => model.probe('')],
    ['NOT_IN_VOCABULARY', () => model.probe('xyz')],
    ['TOO_BIG', () => model.probe('a'.repeat(4097))],
    ['NOT_IN_VOCABULARY', () => model.probe('abc', { target: 'z' })],
    [
      'INVALID_ARGUMENT: LanguageModel.probe: target is "ab", expected one character',
      () => model.probe('abc', { target: 'ab' }),
    ],
    [
      'INVALID_ARGUMENT: LanguageModel.probe: target is "", expected one character',
      () => model.probe('abc', { target: '' }),
    ],
    ['INVALID_ARGUMENT: LanguageModel.probe: target is 7', () => model.probe('abc', { target: 7 as never })],
    [
      'INVALID_ARGUMENT: LanguageModel.probe: there is no option "guess"',
      () => model.probe('abc', { guess: 'a' } as never),
    ],
  ])('%s', (says, action) => expect(refused(action)).toContain(says));

  test('after delete', () => {
    const gone = make();
    gone.delete();
    expect(refused(() => gone.probe('abc'))).toMatch(/^DELETED/);
  });
});
