import { describe, expect, test } from 'vitest';
import type { InitScheme, RnnConfig, StateDict, Tensor } from '../../web/engine/index.js';
import { engine, refused } from './engine.js';
import { rowsOf } from './reference.js';

function weightsOf(config: Partial<RnnConfig>): StateDict {
  using rnn = engine.createRnn({ inputSize: 20, hiddenSize: 30, ...config });
  return rnn.stateDict();
}

const largest = ({ data }: Tensor): number => Math.max(...data.map(Math.abs));
const variance = ({ data }: Tensor): number => data.reduce((sum, w) => sum + w * w, 0) / data.length;

describe('initial weights', () => {
  test('are PyTorch’s uniform ones by default', () => {
    const bound = 1 / Math.sqrt(30);
    for (const [name, weight] of weightsOf({ numLayers: 2 })) {
      expect(largest(weight)).toBeLessThanOrEqual(bound);
      expect(largest(weight)).toBeGreaterThan(0.9 * bound);
      // The variance of U(-a, a) is a^2 / 3; biases are few.
      if (name.startsWith('weight')) expect(variance(weight) / (bound ** 2 / 3)).toBeCloseTo(1, 0.9);
    }
  });

  test('are Xavier’s, with biases of zero', () => {
    const weights = weightsOf({ init: 'xavier' });
    const bound = Math.sqrt(6 / (20 + 30));
    expect(largest(weights.get('weight_ih_l0')!)).toBeLessThanOrEqual(bound);
    expect(largest(weights.get('weight_ih_l0')!)).toBeGreaterThan(0.95 * bound);
    expect(largest(weights.get('weight_hh_l0')!)).toBeLessThanOrEqual(Math.sqrt(6 / 60));
    expect(largest(weights.get('bias_ih_l0')!) + largest(weights.get('bias_hh_l0')!)).toBe(0);
  });

  test.each(['lstm', 'gru', 'rnn'] as const)('are orthogonal in each gate of the recurrent matrix: %s', (cell) => {
    const rows = rowsOf(weightsOf({ cell, init: 'orthogonal' }).get('weight_hh_l0')!);
    for (let gate = 0; gate < rows.length; gate += 30) {
      for (let i = 0; i < 30; i++) {
        for (let j = 0; j <= i; j++) {
          const dot = rows[gate + i]!.reduce((sum, w, k) => sum + w * rows[gate + j]![k]!, 0);
          expect(Math.abs(dot - Number(i === j))).toBeLessThan(1e-5);
        }
      }
    }
  });

  test('have the forget bias in the forget gate alone', () => {
    const [plain, shifted] = [weightsOf({}), weightsOf({ forgetBias: 2 })];
    for (const [name, { data }] of shifted) {
      const before = plain.get(name)!.data;
      const moved =
        name === 'bias_ih_l0'
          ? Array.from(data, (_, i) => (i >= 30 && i < 60 ? Math.fround(before[i]! + 2) : before[i]!))
          : [...before];
      expect([...data]).toEqual(moved);
    }
  });

  test.each<InitScheme>(['pytorch', 'xavier', 'orthogonal'])('come from the seed: %s', (init) => {
    expect(weightsOf({ init, seed: 5 })).toEqual(weightsOf({ init, seed: 5 }));
    expect(weightsOf({ init, seed: 5 })).not.toEqual(weightsOf({ init, seed: 6 }));
  });

  test('are the same in every kind of network', () => {
    using model = engine.createLanguageModel({ vocabulary: 'abcd', hiddenSize: 6, init: 'orthogonal', seed: 3 });
    using classifier = engine.createClassifier({
      vocabSize: 4,
      hiddenSize: 6,
      classes: 4,
      init: 'orthogonal',
      seed: 3,
    });
    expect(classifier.stateDict()).toEqual(model.stateDict());
  });

  test('of an unknown scheme are refused', () => {
    expect(refused(() => weightsOf({ init: 'zeros' as never }))).toBe(
      'INVALID_ARGUMENT: RnnConfig: init is "zeros", expected pytorch, xavier, orthogonal',
    );
  });
});
