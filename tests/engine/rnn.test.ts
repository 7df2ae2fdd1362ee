import { describe, expect, test } from 'vitest';
import { nestedFrom, tensor, tensorFrom } from '../../web/engine/index.js';
import type { Rnn, RnnConfig, Tensor } from '../../web/engine/index.js';
import { engine, numbers, refusal, refused } from './engine.js';

const CELLS = ['lstm', 'gru', 'rnn_tanh', 'rnn_relu'] as const;

/** (a, b, c) as (b, a, c). */
function swapped({ shape: [a, b, c], data }: Tensor): Tensor {
  const result = tensor([b!, a!, c!]);
  for (let i = 0; i < a!; i++) {
    for (let j = 0; j < b!; j++) {
      for (let k = 0; k < c!; k++) result.data[(j * a! + i) * c! + k] = data[(i * b! + j) * c! + k]!;
    }
  }
  return result;
}

const sequence = (...shape: number[]): Tensor => tensor(shape, numbers(shape.reduce((product, n) => product * n, 1)));

/** Sum of products. */
const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0);

describe('the lecture’s network', () => {
  // torch.nn.LSTM(input_size=10, hidden_size=5, num_layers=2) on X of shape (3, 4, 10)
  const config = { inputSize: 10, hiddenSize: 5, numLayers: 2 };

  test.each(CELLS)('turns (3, 4, 10) into (3, 4, 5): %s', (cell) => {
    using rnn = engine.createRnn({ cell, ...config });
    const { output, hN, cN } = rnn.forward(sequence(3, 4, 10));
    expect(output.shape).toEqual([3, 4, 5]);
    expect(hN.shape).toEqual([2, 4, 5]);
    expect(cN?.shape ?? null).toEqual(cell === 'lstm' ? [2, 4, 5] : null);
    // The last output of the top layer is its final state.
    expect(output.data.slice(2 * 20)).toEqual(hN.data.slice(20));
  });

  test('has PyTorch’s parameters', () => {
    using rnn = engine.createRnn(config);
    const shapes = Array.from(rnn.stateDict(), ([name, { shape }]) => [name, shape]);
    expect(shapes).toEqual([
      ['weight_ih_l0', [20, 10]],
      ['weight_hh_l0', [20, 5]],
      ['bias_ih_l0', [20]],
      ['bias_hh_l0', [20]],
      ['weight_ih_l1', [20, 5]],
      ['weight_hh_l1', [20, 5]],
      ['bias_ih_l1', [20]],
      ['bias_hh_l1', [20]],
    ]);
    const bound = 1 / Math.sqrt(5);
    for (const [, { data }] of rnn.stateDict()) expect(data.every((x) => Math.abs(x) <= bound && x !== 0)).toBe(true);
  });

  test('computes what the equations say, in a case done by hand', () => {
    using rnn = engine.createRnn({ cell: 'rnn', inputSize: 2, hiddenSize: 1 });
    rnn.loadStateDict({
      weight_ih_l0: tensorFrom([[0.5, -1]]),
      weight_hh_l0: tensorFrom([[2]]),
      bias_ih_l0: tensorFrom([0.25]),
      bias_hh_l0: tensorFrom([-0.5]),
    });
    const { output } = rnn.forward(tensorFrom([[[1, 1]], [[3, 0.5]]]));
    const first = Math.tanh(0.5 - 1 + 0.25 - 0.5);
    const second = Math.tanh(1.5 - 0.5 + 0.25 + 2 * first - 0.5);
    expect(output.data[0]).toBeCloseTo(first, 6);
    expect(output.data[1]).toBeCloseTo(second, 6);
  });
});

describe.each(CELLS)('layouts of a sequence: %s', (cell) => {
  const config: RnnConfig = { cell, inputSize: 4, hiddenSize: 3, numLayers: 2, bidirectional: true, seed: 9 };
  const x = sequence(6, 2, 4);
  const state = { h: sequence(4, 2, 3), ...(cell === 'lstm' && { c: sequence(4, 2, 3) }) };

  test('batchFirst swaps the first two axes of sequences, not of states', () => {
    using rnn = engine.createRnn(config);
    using other = engine.createRnn({ ...config, batchFirst: true });
    const one = rnn.forward(x, { state });
    const two = other.forward(swapped(x), { state });
    expect(two.output).toEqual(swapped(one.output));
    expect(two.hN).toEqual(one.hN);
    expect(two.cN).toEqual(one.cN);

    const g = { output: sequence(6, 2, 6), hN: sequence(4, 2, 3) };
    const gOne = rnn.backward(g);
    const gTwo = other.backward({ ...g, output: swapped(g.output) });
    expect(gTwo.x).toEqual(swapped(gOne.x));
    expect(gTwo.h0).toEqual(gOne.h0);
    expect(gTwo.parameters).toEqual(gOne.parameters);
  });

  test.each([true, false])('a single sequence needs no axis for the batch: batchFirst %s', (batchFirst) => {
    using rnn = engine.createRnn({ ...config, batchFirst });
    const single = sequence(6, 4);
    const one = rnn.forward(single);
    const g = sequence(6, 6);
    const gOne = rnn.backward({ output: g });
    const batch = rnn.forward({ shape: batchFirst ? [1, 6, 4] : [6, 1, 4], data: single.data });
    const gBatch = rnn.backward({ output: { shape: batchFirst ? [1, 6, 6] : [6, 1, 6], data: g.data } });
    expect(one.output).toEqual({ shape: [6, 6], data: batch.output.data });
    expect(one.hN).toEqual({ shape: [4, 3], data: batch.hN.data });
    expect(gOne.x).toEqual({ shape: [6, 4], data: gBatch.x.data });
    expect(gOne.h0).toEqual({ shape: [4, 3], data: gBatch.h0.data });
    expect(rnn.forward(single, { state: { h: one.hN, c: one.cN } }).hN.shape).toEqual([4, 3]);
  });
});

describe.each(CELLS)('steps: %s', (cell) => {
  test.each([true, false])('one after the other are the whole sequence: batchFirst %s', (batchFirst) => {
    using rnn = engine.createRnn({ cell, inputSize: 4, hiddenSize: 3, numLayers: 2, batchFirst });
    const x = sequence(5, 2, 4);
    const whole = rnn.forward(batchFirst ? swapped(x) : x);
    const outputs = batchFirst ? swapped(whole.output) : whole.output;
    let state;
    for (let t = 0; t < 5; t++) {
      const { output, state: next } = rnn.forwardStep({ shape: [2, 4], data: x.data.slice(8 * t, 8 * t + 8) }, state);
      expect(output).toEqual({ shape: [2, 3], data: outputs.data.slice(6 * t, 6 * t + 6) });
      state = next;
    }
    expect(state).toEqual({ h: whole.hN, c: whole.cN });
  });

  test('of a single sequence have no axis for the batch', () => {
    using rnn = engine.createRnn({ cell, inputSize: 4, hiddenSize: 3 });
    const { output, state } = rnn.forwardStep(sequence(4));
    expect(output.shape).toEqual([3]);
    expect(state.h.shape).toEqual([1, 3]);
    expect(rnn.forwardStep(sequence(4), state).output.data).not.toEqual(output.data);
  });
});

describe('sequences of different lengths', () => {
  test.each(CELLS)('are each what they are alone: %s', (cell) => {
    using rnn = engine.createRnn({ cell, inputSize: 3, hiddenSize: 4, bidirectional: true, numLayers: 2 });
    const x = sequence(6, 3, 3);
    const lengths = [2, 6, 4];
    const { output, hN } = rnn.forward(x, { lengths });
    lengths.forEach((length, b) => {
      const own = tensor([length, 3]);
      for (let t = 0; t < length; t++) own.data.set(x.data.subarray((t * 3 + b) * 3, (t * 3 + b + 1) * 3), t * 3);
      const alone = rnn.forward(own);
      for (let t = 0; t < 6; t++) {
        const row = output.data.slice((t * 3 + b) * 8, (t * 3 + b + 1) * 8);
        expect(row).toEqual(t < length ? alone.output.data.slice(t * 8, t * 8 + 8) : new Float32Array(8));
      }
      for (let k = 0; k < 4; k++) {
        expect(hN.data.slice((k * 3 + b) * 4, (k * 3 + b + 1) * 4)).toEqual(alone.hN.data.slice(k * 4, k * 4 + 4));
      }
    });
  });

  test('can be given as an Int32Array, and junk behind them does not matter', () => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 4, batchFirst: true });
    const x = sequence(2, 5, 3);
    const clean = rnn.forward(x, { lengths: [5, 2] });
    const dirty = { ...x, data: Float32Array.from(x.data, (value, i) => (i >= 15 + 6 ? NaN : value)) };
    expect(rnn.forward(dirty, { lengths: Int32Array.of(5, 2) })).toEqual(clean);
    const { x: g } = rnn.backward({ output: sequence(2, 5, 4) });
    expect(g.data.slice(15 + 6)).toEqual(new Float32Array(9));
  });
});

describe('gradients', () => {
  // A float32 loss is only good for a look; tests/cpp checks gradients in double and `npm run parity` against PyTorch.
  test.each(CELLS)('point where the loss grows: %s', (cell) => {
    using rnn = engine.createRnn({ cell, inputSize: 3, hiddenSize: 4, seed: 3 });
    const x = sequence(5, 2, 3);
    const g = sequence(5, 2, 4);
    const loss = (input: Tensor): number => dot(rnn.forward(input).output, g);
    rnn.forward(x);
    const { x: dX } = rnn.backward({ output: g });
    const step = 1e-2;
    const up = { ...x, data: x.data.map((value, i) => value + step * dX.data[i]!) };
    const down = { ...x, data: x.data.map((value, i) => value - step * dX.data[i]!) };
    expect((loss(up) - loss(down)) / (2 * step)).toBeCloseTo(dot(dX, dX), 2);
  });

  test('are those of the last forward pass, once', () => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 4 });
    const g = { output: sequence(5, 2, 4) };
    expect(refusal(() => rnn.backward(g)).code).toBe('WRONG_STATE');
    rnn.forward(sequence(5, 2, 3));
    rnn.backward(g);
    expect(refused(() => rnn.backward(g))).toMatch(/^WRONG_STATE: Rnn.backward: there was no forward\(\) before it/);
  });

  test('of nothing are zero', () => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 4 });
    rnn.forward(sequence(5, 2, 3));
    const { x, parameters } = rnn.backward({});
    expect(x.data).toEqual(new Float32Array(30));
    for (const [, { data }] of parameters) expect(data.every((value) => value === 0)).toBe(true);
  });

  test('survive a refused call in between', () => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 4 });
    rnn.forward(sequence(5, 2, 3));
    refusal(() => rnn.forward(sequence(5, 2, 2)));
    refusal(() => rnn.backward({ output: sequence(5, 2, 3) }));
    expect(rnn.backward({ output: sequence(5, 2, 4) }).x.shape).toEqual([5, 2, 3]);
  });
});

describe('dropout', () => {
  const config: RnnConfig = { inputSize: 3, hiddenSize: 4, numLayers: 2, dropout: 0.5, seed: 2 };
  const x = sequence(5, 2, 3);

  test('is off unless training', () => {
    using rnn = engine.createRnn(config);
    using without = engine.createRnn({ ...config, dropout: 0 });
    expect(rnn.forward(x)).toEqual(without.forward(x));
    expect(rnn.forward(x)).toEqual(rnn.forward(x));
  });

  test('draws from the seed', () => {
    using one = engine.createRnn(config);
    using two = engine.createRnn(config);
    const first = one.forward(x, { training: true });
    expect(two.forward(x, { training: true })).toEqual(first);
    expect(two.forward(x, { training: true })).not.toEqual(first);
  });

  test('takes masks for one pass', () => {
    using rnn = engine.createRnn(config);
    const none = rnn.forward(x);
    rnn.setDropoutMasks([tensor([5, 2, 4], new Float32Array(40).fill(1))]);
    const scaled = rnn.forward(x, { training: true });
    expect(scaled).not.toEqual(none);
    rnn.setDropoutMasks([tensor([5, 2, 4])]);
    const dropped = rnn.forward(x, { training: true });
    expect(dropped.output.data).not.toEqual(scaled.output.data);
    const drawn = [rnn.forward(x, { training: true }), rnn.forward(x, { training: true })];
    expect(drawn[0]).not.toEqual(dropped);
    expect(drawn[0]).not.toEqual(drawn[1]);
  });

  test('refuses masks that do not fit', () => {
    using rnn = engine.createRnn(config);
    using flat = engine.createRnn({ ...config, numLayers: 1 });
    const mask = tensor([5, 2, 4]);
    expect(refused(() => rnn.setDropoutMasks([]))).toContain(
      'INVALID_ARGUMENT: Rnn.setDropoutMasks: masks is an array of 0',
    );
    expect(refused(() => rnn.setDropoutMasks([sequence(5, 2, 3)]))).toContain(
      'SHAPE_MISMATCH: Rnn.setDropoutMasks: mask 0 has shape',
    );
    expect(refusal(() => flat.setDropoutMasks([])).code).toBe('INVALID_ARGUMENT');
    rnn.setDropoutMasks([mask]);
    expect(refusal(() => rnn.forward(sequence(9, 2, 3), { training: true })).code).toBe('SHAPE_MISMATCH');
    expect(rnn.forward(x, { training: true }).output.shape).toEqual([5, 2, 4]);
  });
});

describe('parameters', () => {
  test('go out and come back', () => {
    using one = engine.createRnn({ cell: 'gru', inputSize: 3, hiddenSize: 5, bidirectional: true, seed: 1 });
    using two = engine.createRnn({ cell: 'gru', inputSize: 3, hiddenSize: 5, bidirectional: true, seed: 2 });
    expect(two.stateDict()).not.toEqual(one.stateDict());
    two.loadStateDict(one.stateDict());
    expect(two.stateDict()).toEqual(one.stateDict());
    two.loadStateDict(Object.fromEntries(one.stateDict()));
    expect(two.stateDict()).toEqual(one.stateDict());
  });

  test('that do not fit change nothing', () => {
    using rnn = engine.createRnn({ inputSize: 3, hiddenSize: 5 });
    const before = rnn.stateDict();
    const attempt = (change: (tensors: Map<string, Tensor>) => void): string => {
      const tensors = new Map(before);
      change(tensors);
      const message = refused(() => rnn.loadStateDict(tensors));
      expect(rnn.stateDict()).toEqual(before);
      return message;
    };
    expect(attempt((t) => t.delete('bias_hh_l0'))).toMatch(/^MISSING_TENSOR: .*bias_hh_l0/);
    expect(attempt((t) => t.set('bias_hh_l1', tensor([20])))).toMatch(/^MISSING_TENSOR: /);
    expect(attempt((t) => t.set('bias_hh_l0', tensor([19])))).toMatch(/^SHAPE_MISMATCH: .*bias_hh_l0/);
    expect(attempt((t) => t.set('weight_hh_l0', tensor([5, 20])))).toMatch(/^SHAPE_MISMATCH: .*weight_hh_l0/);
    for (const place of [0, 7, 19]) {
      const bad = numbers(20);
      bad[place] = place === 7 ? Infinity : NaN;
      expect(attempt((t) => t.set('bias_ih_l0', tensor([20], bad)))).toContain(`not finite at index ${place}`);
    }
  });

  test('of a sequence of 171 steps and one unit are no special case', () => {
    using rnn: Rnn = engine.createRnn({ cell: 'gru', inputSize: 1, hiddenSize: 1 });
    const { output } = rnn.forward(sequence(171, 1, 1));
    expect((nestedFrom(output) as number[][][]).flat(2).every((value) => Math.abs(value) < 1)).toBe(true);
  });
});
