import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { RegressorConfig, StateDict, Tensor } from '../../web/engine/index.js';
import { engine, numbers, refused } from './engine.js';
import { affine, closeTo, lstmStep } from './reference.js';

const CONFIG: RegressorConfig = { inputSize: 3, hiddenSize: 5, outputSize: 2, seed: 8 };
const x = tensor([4, 2, 3], numbers(24));

/** The vectors of sequence b. */
const sequence = (b: number, length: number): Float32Array[] =>
  Array.from({ length }, (_, t) => x.data.slice((t * 2 + b) * 3, (t * 2 + b) * 3 + 3));

function answers(weights: StateDict, b: number, length: number): number[][] {
  const own: StateDict = new Map(Array.from(weights, ([name, value]) => [name.replace('rnn.', ''), value] as const));
  let h = Array<number>(5).fill(0);
  let c = Array<number>(5).fill(0);
  return sequence(b, length).map((vector) => {
    ({ h, c } = lstmStep(own, 'l0', vector, h, c));
    return affine(weights.get('head.weight')!, h, weights.get('head.bias'));
  });
}

describe('a regressor', () => {
  test('predicts from the whole of each sequence', () => {
    using model = engine.createRegressor(CONFIG);
    const { outputs, features, hN } = model.forward(x, { lengths: [2, 4] });
    expect([outputs.shape, features!.shape, hN.shape]).toEqual([
      [2, 2],
      [2, 5],
      [1, 2, 5],
    ]);
    const weights = model.stateDict();
    closeTo(outputs.data, [answers(weights, 0, 2)[1]!, answers(weights, 1, 4)[3]!].flat());
  });

  test('predicts at each step', () => {
    using model = engine.createRegressor({ ...CONFIG, readout: 'steps' });
    const { outputs } = model.forward(x, { lengths: [2, 4] });
    expect(outputs.shape).toEqual([4, 2, 2]);
    const [first, second] = [answers(model.stateDict(), 0, 2), answers(model.stateDict(), 1, 4)];
    closeTo(
      outputs.data,
      [0, 1, 2, 3].flatMap((t) => [...(first[t] ?? [0, 0]), ...second[t]!]),
    );
  });

  test.each(['last', 'steps'] as const)('has the loss of its outputs: readout %s', (readout) => {
    using model = engine.createRegressor({ ...CONFIG, readout });
    const shape = readout === 'last' ? [2, 2] : [4, 2, 2];
    const targets = tensor(shape, numbers(readout === 'last' ? 4 : 16, 9));
    const { loss, perRow, outputs } = model.lossAndGradients(x, targets);
    const own = engine.meanSquaredError(outputs, targets);
    expect(loss).toBeCloseTo(own.loss, 6);
    closeTo(perRow, own.perRow);
  });

  test('does not see the padding: junk there changes neither loss nor gradient by a bit', () => {
    using model = engine.createRegressor({ ...CONFIG, readout: 'steps', bidirectional: true });
    const targets = tensor([4, 2, 2], numbers(16, 9));
    const junk = (t: Tensor, size: number): Tensor => ({
      shape: t.shape,
      data: t.data.map((value, i) => (Math.floor(i / size) % 2 === 0 && i >= 2 * 2 * size ? 1e30 : value)),
    });
    const one = model.lossAndGradients(x, targets, { lengths: [2, 4] });
    expect(model.lossAndGradients(junk(x, 3), junk(targets, 2), { lengths: [2, 4] })).toEqual(one);
    expect([...one.perRow.slice(4)].map((loss) => loss === 0)).toEqual([true, false, true, false]);
  });

  test('learns the sum of what it has read', () => {
    using model = engine.createRegressor({ inputSize: 1, hiddenSize: 12, cell: 'gru', seed: 2 });
    using schedule = engine.createSchedule({ kind: 'cosine', tMax: 150, learningRate: 0.03 });
    const inputs = tensor(
      [5, 16, 1],
      numbers(80).map((value) => value / 2),
    );
    const sums = tensor(
      [16, 1],
      Array.from({ length: 16 }, (_, b) => [0, 1, 2, 3, 4].reduce((s, t) => s + inputs.data[t * 16 + b]!, 0)),
    );
    let last = Infinity;
    for (let step = 0; step < 150; step++) {
      model.configureOptimizer({ kind: 'adam', learningRate: schedule.learningRate });
      last = model.lossAndGradients(inputs, sums).loss;
      model.applyGradients({ clipNorm: 1 });
      schedule.step();
    }
    const spread = engine.meanSquaredError(tensor([16, 1]), sums).loss;
    expect(last).toBeLessThan(spread / 100);
  });
});

describe('calls that are refused', () => {
  const model = engine.createRegressor(CONFIG);
  const make = (config: unknown) => (): unknown => engine.createRegressor(config as RegressorConfig);
  test.each<[string, () => unknown]>([
    ['INVALID_ARGUMENT: RegressorConfig: inputSize is missing, expected a number', make({ hiddenSize: 1 })],
    ['INVALID_ARGUMENT: RegressorConfig: hiddenSize is missing, expected a number', make({ inputSize: 1 })],
    ['INVALID_ARGUMENT: RegressorConfig: there is no option "vocabSize"', make({ ...CONFIG, vocabSize: 3 })],
    ['INVALID_CONFIG', make({ ...CONFIG, outputSize: 0 })],
    ['INVALID_CONFIG', make({ ...CONFIG, inputSize: 5000 })],
    [
      'SHAPE_MISMATCH: Regressor.forward: x has shape (4, 2, 2), expected (T, B, 3)',
      () => model.forward(tensor([4, 2, 2])),
    ],
    [
      'INVALID_ARGUMENT: Regressor.forward: a length is 5, expected a whole number from 1 to 4',
      () => model.forward(x, { lengths: [1, 5] }),
    ],
    ['INVALID_ARGUMENT: Regressor.forward: lengths is', () => model.forward(x, { lengths: [1] })],
    ['INVALID_ARGUMENT: Regressor.forward: training is 1', () => model.forward(x, { training: 1 as never })],
    [
      'SHAPE_MISMATCH: Regressor.lossAndGradients: targets has shape (2, 3), expected (2, 2)',
      () => model.lossAndGradients(x, tensor([2, 3])),
    ],
    ['SHAPE_MISMATCH', () => model.lossAndGradients(x, tensor([2, 2]), { weights: [1, 1, 1] })],
    ['INVALID_ARGUMENT', () => model.lossAndGradients(x, tensor([2, 2]), { weights: [0, 0] })],
    ['INVALID_ARGUMENT', () => model.configureOptimizer({ kind: 'lion' as never })],
    ['INVALID_CONFIG', () => model.configureOptimizer({ kind: 'sgd', nesterov: true })],
  ])('%s', (says, action) => expect(refused(action)).toContain(says));

  test('clipping bounds below zero', () => {
    using own = engine.createRegressor(CONFIG);
    own.configureOptimizer({ kind: 'sgd' });
    own.lossAndGradients(x, tensor([2, 2]));
    const before = own.stateDict();
    for (const clipping of [{ clipNorm: -1 }, { clipNorm: NaN }, { clipValue: -1 }, { clipValue: NaN }, { clip: 1 }]) {
      expect(refused(() => own.applyGradients(clipping))).toMatch(/^INVALID_ARGUMENT: .*(clipNorm|clipValue|"clip")/);
    }
    expect(own.stateDict()).toEqual(before);
  });
});
