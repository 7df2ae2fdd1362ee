import { expect, test } from 'vitest';
import type { ShardGradients } from '../../web/engine/index.js';
import { engine, refused, SENTENCES, SMALL } from '../engine/engine.js';

const half = (index: number) => engine.createTrainer({ ...SMALL, shard: { index, count: 2 } }, SENTENCES);

test('one replica of one steps as an ordinary trainer, to the bit', () => {
  using ordinary = engine.createTrainer(SMALL, SENTENCES);
  using one = engine.createTrainer({ ...SMALL, shard: { index: 0, count: 1 } }, SENTENCES);
  const { losses, gradNorms, recentLosses } = ordinary.train(10);
  for (let i = 0; i < 10; ++i) {
    expect(one.applyGradients([one.shardGradients()])).toEqual({
      step: i + 1,
      epoch: 0,
      loss: losses[i],
      gradNorm: gradNorms[i],
      recentLoss: recentLosses[i],
    });
  }
  using expected = ordinary.model();
  using reached = one.model();
  expect(reached.fingerprint()).toBe(expected.fingerprint());
});

test('gradients go into an array that is given', () => {
  using trainer = half(0);
  using same = half(0);
  const fresh = same.shardGradients();
  const into = new Float32Array(fresh.gradients.length);
  const written = trainer.shardGradients(into);
  expect(written.gradients).toBe(into);
  expect(written).toEqual(fresh);
});

test('what is no contribution is refused by name, and the step can still be taken', () => {
  using first = half(0);
  using second = half(1);
  expect(refused(() => first.train(1))).toMatch(/^WRONG_STATE: .*one of 2 replicas/);
  expect(refused(() => first.applyGradients([]))).toMatch(/^INVALID_ARGUMENT: /);
  const into = (value: unknown) => refused(() => first.shardGradients(value as Float32Array<ArrayBuffer>));
  expect(into(null)).toMatch(/^INVALID_ARGUMENT: .*into is null, expected a Float32Array/);
  expect(into(new Float64Array(3))).toMatch(/^INVALID_ARGUMENT: /);
  expect(into(new Float32Array(3))).toMatch(/^SHAPE_MISMATCH: .*into has 3 numbers, expected \d+/);
  const own = first.shardGradients();
  const other = second.shardGradients();
  expect(refused(() => first.shardGradients())).toMatch(/^WRONG_STATE: /);
  expect(refused(() => first.saveState())).toMatch(/^WRONG_STATE: /);
  const apply = (...replicas: unknown[]) => refused(() => first.applyGradients(replicas as ShardGradients[]));
  expect(apply(own)).toMatch(/^INVALID_ARGUMENT: /);
  expect(apply(own, other, own)).toMatch(/^INVALID_ARGUMENT: /);
  expect(apply(own, null)).toMatch(/^INVALID_ARGUMENT: .*replicas\[1\] is null/);
  expect(apply(own, { ...other, loss: '1' })).toMatch(/^INVALID_ARGUMENT: .*replicas\[1\].loss/);
  expect(apply(own, { ...other, gradients: [...other.gradients] })).toMatch(/^INVALID_ARGUMENT: .*a Float32Array/);
  expect(apply(own, { ...other, gradients: other.gradients.subarray(1) })).toMatch(/^SHAPE_MISMATCH: /);
  expect(refused(() => first.applyGradients('both' as never))).toMatch(/^INVALID_ARGUMENT: /);
  expect(first.applyGradients([own, other]).loss).toBe(own.loss + other.loss);
});

test('an array whose memory has been transferred is refused', () => {
  using trainer = half(0);
  using other = half(1);
  const own = trainer.shardGradients();
  const gone = other.shardGradients();
  structuredClone(gone.gradients, { transfer: [gone.gradients.buffer] });
  expect(refused(() => trainer.applyGradients([own, gone]))).toMatch(/^SHAPE_MISMATCH: .*has 0 numbers/);
});

test('a shard that cannot be is refused', () => {
  const make = (shard: unknown) => refused(() => engine.createTrainer({ ...SMALL, shard } as never, SENTENCES));
  expect(make({ index: 2, count: 2 })).toMatch(/^INVALID_CONFIG: .*shard.index is 2/);
  expect(make({ index: 0, count: 4 })).toMatch(/^INVALID_CONFIG: .*batch_size is 3, expected at least 4/);
  expect(make({ index: 0, count: 1e9 })).toMatch(/^INVALID_CONFIG: /);
  expect(make({ index: 0.5, count: 2 })).toMatch(/^INVALID_ARGUMENT: /);
  expect(make({ index: 0, count: NaN })).toMatch(/^INVALID_ARGUMENT: /);
  expect(make({ index: 0, of: 2 })).toMatch(/^INVALID_ARGUMENT: .*there is no option "of"/);
  expect(make(2)).toMatch(/^INVALID_ARGUMENT: /);
});
