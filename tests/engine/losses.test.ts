import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { CrossEntropyOptions } from '../../web/engine/index.js';
import { engine, numbers, refused } from './engine.js';
import { closeTo, rowsOf, softmax } from './reference.js';

const logits = tensor([5, 4], numbers(20));
const targets = [2, 0, 3, 3, 1];

/** loss[r] = (1 - s) * -ln p[y] + s * mean of -ln p, and the gradient of the weighted mean. */
function expected({ weights = [1, 1, 1, 1, 1], labelSmoothing: s = 0, ignoreIndex = -100 }: CrossEntropyOptions) {
  const w = targets.map((target, r) => (target === ignoreIndex ? 0 : weights[r]!));
  const total = w.reduce((a, b) => a + b, 0);
  const perRow = rowsOf(logits).map((row, r) => {
    if (w[r] === 0) return 0;
    const logs = softmax(row).map(Math.log);
    return -(1 - s) * logs[targets[r]!]! - (s * logs.reduce((a, b) => a + b)) / 4;
  });
  const gradient = rowsOf(logits).flatMap((row, r) =>
    softmax(row).map((p, j) => (w[r]! / total) * (p - (1 - s) * Number(j === targets[r]) - s / 4)),
  );
  return { loss: perRow.reduce((sum, loss, r) => sum + w[r]! * loss, 0) / total, perRow, gradient };
}

describe('cross-entropy', () => {
  test.each<CrossEntropyOptions>([
    {},
    { labelSmoothing: 0.2 },
    { labelSmoothing: 1 },
    { ignoreIndex: 3 },
    { ignoreIndex: 3, labelSmoothing: 0.3 },
    { weights: [1, 0.5, 0, 2, 3] },
    { weights: Float32Array.of(0, 0, 1, 0, 0), labelSmoothing: 0.1 },
  ])('is what the equations say: %j', (options) => {
    const { loss, perRow, gradient } = engine.crossEntropy(logits, targets, options);
    const own = expected(options);
    closeTo([loss], [own.loss]);
    closeTo(perRow, own.perRow);
    expect(gradient.shape).toEqual([5, 4]);
    closeTo(gradient.data, own.gradient);
  });

  test('takes logits of any number of axes, and an Int32Array', () => {
    const { loss, gradient } = engine.crossEntropy({ shape: [5, 1, 4], data: logits.data }, Int32Array.from(targets));
    const flat = engine.crossEntropy(logits, targets);
    expect(loss).toBe(flat.loss);
    expect(gradient).toEqual({ shape: [5, 1, 4], data: flat.gradient.data });
  });

  test('is not moved by a bit by a row that does not count', () => {
    const other = { shape: [5, 4], data: logits.data.map((x, i) => (i >= 8 && i < 12 ? 1e30 : x)) };
    const ignoring = targets.map((target, r) => (r === 2 ? -100 : target));
    const one = engine.crossEntropy(logits, ignoring);
    const two = engine.crossEntropy(other, ignoring);
    expect(two.loss).toBe(one.loss);
    expect(two.gradient.data).toEqual(one.gradient.data);
    expect([...one.gradient.data.slice(8, 12)]).toEqual([0, 0, 0, 0]);
  });

  test('survives logits that would overflow exp', () => {
    const { loss } = engine.crossEntropy(tensor([1, 3], [1e4, 0, -1e4]), [1]);
    expect(loss).toBe(1e4);
  });

  const call =
    (...args: unknown[]) =>
    (): unknown =>
      Reflect.apply(engine.crossEntropy, engine, args);
  test.each<[string, () => unknown]>([
    [
      'INVALID_ARGUMENT: crossEntropy: targets: a number is 4, expected a whole number from 0 to 3',
      call(logits, [4, 0, 0, 0, 0]),
    ],
    [
      'INVALID_ARGUMENT: crossEntropy: targets: a number is -1, expected a whole number from 0 to 3',
      call(logits, [-1, 0, 0, 0, 0]),
    ],
    ['SHAPE_MISMATCH: crossEntropy: targets has 2 numbers, expected 5', call(logits, [0, 0])],
    [
      'INVALID_ARGUMENT: crossEntropy: there is no option "smoothing"; there are',
      call(logits, targets, { smoothing: 0.1 }),
    ],
    [
      'INVALID_ARGUMENT: crossEntropy: labelSmoothing is 2, expected 0 to 1',
      call(logits, targets, { labelSmoothing: 2 }),
    ],
    ['INVALID_ARGUMENT: crossEntropy: labelSmoothing is NaN', call(logits, targets, { labelSmoothing: NaN })],
    ['INVALID_ARGUMENT: crossEntropy: a weight is -1', call(logits, targets, { weights: [-1, 0, 0, 0, 0] })],
    ['SHAPE_MISMATCH: crossEntropy: weights has 1 numbers, expected 5', call(logits, targets, { weights: [1] })],
    ['INVALID_ARGUMENT', call(logits, [7, 7, 7, 7, 7], { ignoreIndex: 7 })],
    ['INVALID_ARGUMENT', call(logits, targets, { weights: [0, 0, 0, 0, 0] })],
  ])('%s', (says, action) => expect(refused(action)).toContain(says));
});

describe('mean squared error', () => {
  const outputs = tensor([3, 2], numbers(6));
  const wanted = tensor([3, 2], numbers(6, 4));

  test.each([[[1, 1, 1]], [[2, 0, 1]]])('is what the equations say: weights %j', (weights) => {
    const { loss, perRow, gradient } = engine.meanSquaredError(outputs, wanted, { weights });
    const total = weights.reduce((a, b) => a + b);
    const difference = Array.from(outputs.data, (x, i) => x - wanted.data[i]!);
    const rows = weights.map((w, r) => (w === 0 ? 0 : (difference[2 * r]! ** 2 + difference[2 * r + 1]! ** 2) / 2));
    closeTo(perRow, rows);
    closeTo([loss], [rows.reduce((sum, row, r) => sum + weights[r]! * row, 0) / total]);
    closeTo(
      gradient.data,
      difference.map((d, i) => ((weights[i >> 1]! / total) * 2 * d) / 2),
    );
  });

  test('refuses targets of another shape', () => {
    expect(refused(() => engine.meanSquaredError(outputs, tensor([2, 3])))).toBe(
      'SHAPE_MISMATCH: meanSquaredError: targets has shape (2, 3), expected (3, 2)',
    );
  });
});

describe('the distribution that a token is drawn from', () => {
  const row = tensor([1, 5], [1, 3, 2, 3, -1]);
  const scaled = (kept: readonly number[], temperature: number): number[] => {
    const p = softmax(row.data.map((x) => x / temperature));
    const mass = kept.reduce((sum, j) => sum + p[j]!, 0);
    return p.map((own, j) => (kept.includes(j) ? own / mass : 0));
  };

  test.each([
    [{}, [0, 1, 2, 3, 4], 1],
    [{ temperature: 0.5 }, [0, 1, 2, 3, 4], 0.5],
    [{ topK: 3 }, [1, 2, 3], 1],
    [{ topK: 1 }, [1], 1], // of equals the first
    [{ topK: 9 }, [0, 1, 2, 3, 4], 1],
    // The masses are 0.40, 0.40, 0.15, 0.05, 0.01 of tokens 1, 3, 2, 0, 4.
    [{ topP: 0.3 }, [1], 1],
    [{ topP: 0.5 }, [1, 3], 1],
    [{ topP: 0.9 }, [1, 2, 3], 1],
    [{ topK: 2, topP: 0.99 }, [1, 3], 1],
    [{ temperature: 2, topK: 4, topP: 0.6 }, [1, 3], 2],
    [{ greedy: true }, [1], 1],
  ])('%j keeps the tokens %j', (options, kept, temperature) => {
    const { shape, data } = engine.samplingDistribution(row, options);
    expect(shape).toEqual([1, 5]);
    expect([...data].flatMap((p, j) => (p > 0 ? [j] : []))).toEqual(kept);
    closeTo(data, scaled(kept, temperature));
  });

  test('is one for each row', () => {
    const two = engine.samplingDistribution(tensor([2, 5], [...row.data, 0, 0, 0, 0, 0]), { topK: 2 });
    expect([...two.data.slice(5)]).toEqual([0.5, 0.5, 0, 0, 0]);
    expect(two.data.slice(0, 5)).toEqual(engine.samplingDistribution(row, { topK: 2 }).data);
  });

  test.each<[string, object]>([
    ['temperature', { temperature: 0 }],
    ['temperature', { temperature: -1 }],
    ['temperature', { temperature: NaN }],
    ['topK', { topK: -1 }],
    ['topK', { topK: 1.5 }],
    ['topP', { topP: 0 }],
    ['topP', { topP: 1.1 }],
  ])('refuses a wrong %s: %j', (field, options) => {
    const word = field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    expect(refused(() => engine.samplingDistribution(row, options))).toMatch(
      new RegExp(`^INVALID_ARGUMENT: .*(${field}|${word}) is `),
    );
  });

  test('has its largest place in arg-max', () => {
    expect([...engine.argmax(tensor([2, 5], [...row.data, -3, -2, -1, -1, -4]))]).toEqual([1, 2]);
  });
});
