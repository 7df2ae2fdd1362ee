import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/engine/index.js';
import type { OptimizerConfig, Rnn, StateDict } from '../../web/engine/index.js';
import { engine, numbers, refused } from './engine.js';
import { closeTo, norm } from './reference.js';

const x = tensor([4, 3, 2], numbers(24));
const g = tensor([4, 3, 5], numbers(60, 2));
const make = (): Rnn => engine.createRnn({ cell: 'gru', inputSize: 2, hiddenSize: 5, seed: 3 });

/** The gradients of sum(output .* g). */
function gradients(rnn: Rnn): StateDict {
  rnn.forward(x);
  return rnn.backward({ output: g }).parameters;
}

const flat = (weights: StateDict): number[] => [...weights.values()].flatMap(({ data }) => [...data]);

/** torch.optim, one number at a time: p and its moments after the t-th update. */
interface Place {
  p: number;
  a: number;
  b: number;
}
type Update = (place: Place, grad: number, t: number) => void;

const decayed = (weightDecay: number, { p }: Place, grad: number): number => grad + weightDecay * p;

const OPTIMIZERS: readonly [OptimizerConfig, Update][] = [
  [{ kind: 'sgd', learningRate: 0.1 }, (own, grad) => (own.p -= 0.1 * grad)],
  [
    { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
    (own, grad, t) => {
      const d = decayed(0.01, own, grad);
      own.a = t === 1 ? d : 0.9 * own.a + d;
      own.p -= 0.1 * own.a;
    },
  ],
  [
    { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    (own, grad, t) => {
      own.a = t === 1 ? grad : 0.9 * own.a + grad;
      own.p -= 0.1 * (grad + 0.9 * own.a);
    },
  ],
  [
    { kind: 'rmsprop' },
    (own, grad) => {
      own.a = 0.99 * own.a + 0.01 * grad * grad;
      own.p -= (0.01 * grad) / (Math.sqrt(own.a) + 1e-8);
    },
  ],
  [
    { kind: 'adagrad', weightDecay: 0.1 },
    (own, grad) => {
      const d = decayed(0.1, own, grad);
      own.a += d * d;
      own.p -= (0.01 * d) / (Math.sqrt(own.a) + 1e-10);
    },
  ],
  [
    { kind: 'adam', learningRate: 0.01, beta1: 0.8, beta2: 0.95 },
    (own, grad, t) => adam(own, grad, t, 0.01, 0.8, 0.95),
  ],
  [
    { kind: 'adamw', learningRate: 0.02, weightDecay: 0.3 },
    (own, grad, t) => {
      own.p *= 1 - 0.02 * 0.3;
      adam(own, grad, t, 0.02, 0.9, 0.999);
    },
  ],
];

function adam(own: Place, grad: number, t: number, lr: number, beta1: number, beta2: number): void {
  own.a = beta1 * own.a + (1 - beta1) * grad;
  own.b = beta2 * own.b + (1 - beta2) * grad * grad;
  own.p -= ((lr / (1 - beta1 ** t)) * own.a) / (Math.sqrt(own.b) / Math.sqrt(1 - beta2 ** t) + 1e-8);
}

describe('updates of a network of the caller’s own', () => {
  test.each(OPTIMIZERS)('are those of torch.optim: %j', (config, update) => {
    using rnn = make();
    rnn.configureOptimizer(config);
    const places = flat(rnn.stateDict()).map((p): Place => ({ p, a: 0, b: 0 }));
    for (let t = 1; t <= 5; t++) {
      const own = flat(gradients(rnn));
      const { gradNorm } = rnn.applyGradients();
      expect(gradNorm).toBeCloseTo(norm(own), 4);
      places.forEach((place, i) => update(place, own[i]!, t));
      closeTo(
        flat(rnn.stateDict()),
        places.map(({ p }) => p),
        1e-5,
      );
    }
  });

  test('are clipped by value first, then by the norm that is left', () => {
    using rnn = make();
    rnn.configureOptimizer({ kind: 'sgd', learningRate: 1 });
    const before = flat(rnn.stateDict());
    const clamped = flat(gradients(rnn)).map((grad) => Math.max(-0.2, Math.min(0.2, grad)));
    const scale = 0.5 / (norm(clamped) + 1e-6);
    expect(scale).toBeLessThan(1);
    rnn.applyGradients({ clipNorm: 0.5, clipValue: 0.2 });
    closeTo(
      flat(rnn.stateDict()),
      before.map((p, i) => p - scale * clamped[i]!),
    );
  });

  test('have moments that stay while the kind does', () => {
    using rnn = make();
    rnn.configureOptimizer({ kind: 'adam' });
    expect(rnn.optimizerState().size).toBe(0);
    gradients(rnn);
    rnn.applyGradients();
    const state = rnn.optimizerState();
    expect([...state.keys()].slice(0, 2)).toEqual(['exp_avg.weight_ih_l0', 'exp_avg.weight_hh_l0']);
    rnn.configureOptimizer({ kind: 'adam', learningRate: 1 });
    expect(rnn.optimizerState()).toEqual(state);
    rnn.configureOptimizer({ kind: 'adagrad' });
    expect(rnn.optimizerState().size).toBe(0);
  });

  test('with a learning rate of 0 leave every bit', () => {
    using rnn = make();
    const before = rnn.stateDict();
    rnn.configureOptimizer({ kind: 'adam', learningRate: 0 });
    gradients(rnn);
    rnn.applyGradients();
    expect(rnn.stateDict()).toEqual(before);
  });

  test('are refused without an optimizer, with wrong bounds and after delete', () => {
    const rnn = make();
    expect(refused(() => rnn.applyGradients())).toBe(
      'WRONG_STATE: Rnn.applyGradients: call configureOptimizer() first',
    );
    expect(refused(() => rnn.configureOptimizer({ kind: 'adam', beta1: 1 }))).toMatch(/^INVALID_CONFIG/);
    rnn.configureOptimizer({ kind: 'sgd' });
    expect(refused(() => rnn.applyGradients({ clipNorm: -1 }))).toBe(
      'INVALID_ARGUMENT: Rnn: clipNorm is -1, expected a number from 0 on',
    );
    rnn.delete();
    for (const use of [
      () => rnn.applyGradients(),
      () => rnn.optimizerState(),
      () => rnn.configureOptimizer({ kind: 'sgd' }),
    ]) {
      expect(refused(use)).toMatch(/^DELETED/);
    }
  });

  test('teach a network to hold its first input', () => {
    using rnn = engine.createRnn({ inputSize: 1, hiddenSize: 8, seed: 6 });
    rnn.configureOptimizer({ kind: 'adam', learningRate: 0.02 });
    const bits = Array.from({ length: 8 }, (_, b) => (b % 2 === 0 ? 0.7 : -0.7));
    const inputs = tensor(
      [6, 8, 1],
      Array.from({ length: 48 }, (_, i) => (i < 8 ? bits[i]! : 0)),
    );
    // The first number of the last hidden state is what is asked for.
    const wanted = (hN: Float32Array): Float32Array =>
      hN.map((h, i) => (i % 8 === 0 ? (2 * (h - bits[i >> 3]!)) / 8 : 0));
    let loss = Infinity;
    for (let step = 0; step < 200; step++) {
      const { hN } = rnn.forward(inputs);
      loss = bits.reduce((sum, bit, b) => sum + (hN.data[8 * b]! - bit) ** 2 / 8, 0);
      rnn.backward({ hN: { shape: hN.shape, data: wanted(hN.data) } });
      rnn.applyGradients({ clipNorm: 1 });
    }
    expect(loss).toBeLessThan(1e-3);
  });
});
