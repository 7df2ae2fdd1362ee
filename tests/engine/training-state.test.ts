import { describe, expect, test } from 'vitest';
import { DivergedError, UnrollError } from '../../web/engine/index.js';
import type { LanguageModelTrainer, TrainerConfig } from '../../web/engine/index.js';
import { engine, refusal, refused, SENTENCES, SMALL } from './engine.js';
import { norm } from './reference.js';

const make = (changes: TrainerConfig = {}, text = SENTENCES): LanguageModelTrainer =>
  engine.createTrainer({ ...SMALL, ...changes }, text);

function fingerprint(trainer: LanguageModelTrainer): string {
  using model = trainer.model();
  return model.fingerprint();
}

/** All that can be told of a training from outside, after 20 steps more. */
function goOn(trainer: LanguageModelTrainer): unknown {
  const slice = trainer.train(20);
  return {
    slice,
    weights: fingerprint(trainer),
    rate: trainer.learningRate,
    statistics: trainer.parameterStatistics(),
  };
}

describe('a state', () => {
  test.each<[string, TrainerConfig]>([
    ['Adam', {}],
    ['dropout', { numLayers: 3, dropout: 0.4, cell: 'gru' }],
    ['SGD with momentum', { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true } }],
    ['RMSprop and a cosine', { optimizer: { kind: 'rmsprop' }, schedule: { kind: 'cosine', tMax: 60 } }],
    ['a warm-up', { schedule: { kind: 'linear', totalIters: 40 }, clipValue: 0.01 }],
    ['Adagrad and steps', { optimizer: { kind: 'adagrad' }, schedule: { kind: 'step', stepSize: 7 } }],
    ['a vanilla network', { cell: 'rnn_relu', embeddingDim: 3, clipNorm: 0.1 }],
  ])('goes on to the same bits as without the interruption: %s', (_, config) => {
    using whole = make(config);
    using begun = make(config);
    // In the middle of an epoch, and behind its end.
    for (const steps of [13, 150]) {
      whole.train(steps);
      begun.train(steps);
      using other = make(config);
      other.restoreState(begun.saveState());
      expect(other.step).toBe(begun.step);
      expect(fingerprint(other)).toBe(fingerprint(begun));
      expect(other.learningRate).toBe(begun.learningRate);
      using rest = make(config);
      rest.restoreState(begun.saveState());
      begun.restoreState(other.saveState());
      expect(goOn(rest)).toEqual(goOn(whole));
      begun.train(20);
    }
    expect(fingerprint(begun)).toBe(fingerprint(whole));
  });

  test('of a plateau schedule knows what it has seen', () => {
    const config: TrainerConfig = {
      schedule: { kind: 'plateau', patience: 1, factor: 0.5 },
      optimizer: { kind: 'sgd', learningRate: 1e-6 },
    };
    using whole = make(config);
    using begun = make(config);
    // The loss goes down by less than the threshold of 1e-4 of it, so the second and third are no better.
    const observe = (trainer: LanguageModelTrainer): number => (
      trainer.train(1),
      trainer.observeValidation(trainer.evaluate('validation').lossNats),
      trainer.learningRate
    );
    expect([observe(whole), observe(whole)]).toEqual([1e-6, 1e-6]);
    observe(begun);
    observe(begun);
    using other = make(config);
    other.restoreState(begun.saveState());
    expect(observe(other)).toBe(5e-7);
    expect(observe(whole)).toBe(5e-7);
  });

  test('keeps notes', () => {
    using trainer = make();
    trainer.train(3);
    const state = trainer.saveState([
      ['who', 'Ada Ж'],
      ['when', ''],
    ]);
    expect([...trainer.restoreState(state)]).toEqual([
      ['who', 'Ada Ж'],
      ['when', ''],
    ]);
    expect(trainer.step).toBe(3);
  });

  test('is the same to the bit when saved twice, and after a way through a file', () => {
    using trainer = make({ numLayers: 2, dropout: 0.1 });
    trainer.train(9);
    const state = trainer.saveState();
    expect(trainer.saveState()).toEqual(state);
    using other = make({ numLayers: 2, dropout: 0.1 });
    other.restoreState(state);
    expect(other.saveState()).toEqual(state);
  });

  const state = (() => {
    using trainer = make();
    trainer.train(2);
    return trainer.saveState();
  })();
  const broken = state.slice();
  broken[broken.length - 1]! ^= 0x7f; // an exponent of the last number
  test.each<[string, string, Uint8Array, TrainerConfig, string?]>([
    ['of another configuration', 'INVALID_CONFIG', state, { clipNorm: 4 }],
    ['of another clipping by value', 'INVALID_CONFIG', state, { clipValue: 4 }],
    ['of another optimizer', 'INVALID_CONFIG', state, { optimizer: { kind: 'sgd' } }],
    ['of another schedule', 'INVALID_CONFIG', state, { schedule: { kind: 'step', stepSize: 3 } }],
    ['of another text', 'INVALID_ARGUMENT', state, {}, SENTENCES.replace('fox', 'oxf')],
    ['that is cut off', 'FILE_INVALID', state.slice(0, -4), {}],
    ['that is nothing', 'FILE_INVALID', new Uint8Array(0), {}],
    ['that is no bytes', 'INVALID_ARGUMENT: Trainer.restoreState: the file is "state"', 'state' as never, {}],
  ])('%s is refused, and nothing changes', (_, says, file, config, text) => {
    using trainer = make(config, text);
    trainer.train(1);
    const before = trainer.saveState();
    expect(refused(() => trainer.restoreState(file))).toContain(says);
    expect(trainer.saveState()).toEqual(before);
  });
});

describe('in mid-training', () => {
  test('another optimizer takes over', () => {
    using trainer = make();
    trainer.train(5);
    using model = trainer.model();
    const before = model.stateDict();
    trainer.configureOptimizer({ kind: 'sgd', learningRate: 0 });
    trainer.train(3);
    expect(model.stateDict()).toEqual(before);
    trainer.configureOptimizer({ kind: 'sgd', learningRate: 0.5 });
    expect(trainer.learningRate).toBe(0.5);
    const { gradNorms } = trainer.train(1);
    const moved = [...model.stateDict()].flatMap(([name, { data }]) =>
      [...data].map((p, i) => p - before.get(name)!.data[i]!),
    );
    // Plain SGD moves by the rate times the gradient, whose norm was clipped to 5 at most.
    expect(norm(moved)).toBeCloseTo(0.5 * Math.min(5, gradNorms[0]!), 4);
  });

  test('another schedule starts from the present rate', () => {
    using trainer = make({ optimizer: { kind: 'adam', learningRate: 0.01 } });
    trainer.train(3);
    trainer.setSchedule({ kind: 'step', stepSize: 2, gamma: 0.5 });
    const rates = Array.from({ length: 5 }, () => (trainer.train(1), trainer.learningRate));
    [0.01, 0.005, 0.005, 0.0025, 0.0025].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 14));
    trainer.setSchedule(null);
    trainer.train(4);
    expect(trainer.learningRate).toBeCloseTo(0.0025, 14);
    trainer.setLearningRate(0.02);
    trainer.train(2);
    expect(trainer.learningRate).toBe(0.02);
  });

  test('other bounds of the gradients hold', () => {
    using trainer = make({ optimizer: { kind: 'sgd', learningRate: 1 }, clipNorm: 0 });
    using model = trainer.model();
    const moved = (clipping: object): number[] => {
      trainer.setClipping(clipping);
      const before = model.stateDict();
      trainer.train(1);
      return [...model.stateDict()].flatMap(([name, { data }]) =>
        [...data].map((p, i) => p - before.get(name)!.data[i]!),
      );
    };
    expect(norm(moved({}))).toBeGreaterThan(0.1);
    expect(norm(moved({ clipNorm: 0.05 }))).toBeCloseTo(0.05, 5);
    const clamped = moved({ clipValue: 0.002 });
    expect(Math.max(...clamped.map(Math.abs))).toBeCloseTo(0.002, 6);
    expect(norm(clamped)).toBeGreaterThan(0.005);
    const both = moved({ clipValue: 0.002, clipNorm: 0.005 });
    expect(norm(both)).toBeCloseTo(0.005, 6);
    expect(refused(() => trainer.setClipping({ clipNorm: -1 }))).toMatch(
      /^INVALID_CONFIG: TrainConfig: clip_norm is -1/,
    );
    expect(refused(() => trainer.setClipping({ clipValue: NaN }))).toMatch(
      /^INVALID_CONFIG: TrainConfig: clip_value is nan/,
    );
    expect(refused(() => trainer.setClipping({ norm: 1 } as never))).toMatch(
      /^INVALID_ARGUMENT: Trainer.setClipping: there is no option/,
    );
  });

  test('what does not make sense is refused and changes nothing', () => {
    using trainer = make();
    using twin = make();
    trainer.train(2);
    twin.train(2);
    for (const [says, action] of [
      ['INVALID_CONFIG', () => trainer.configureOptimizer({ kind: 'adam', learningRate: -1 })],
      ['INVALID_ARGUMENT', () => trainer.configureOptimizer({ kind: 'lion' } as never)],
      ['INVALID_CONFIG', () => trainer.setSchedule({ kind: 'step', stepSize: 0 })],
      ['INVALID_ARGUMENT', () => trainer.setSchedule({ kind: 'wave' } as never)],
      ['INVALID_CONFIG', () => trainer.setLearningRate(-1)],
    ] as const) {
      expect(refused(action)).toContain(says);
    }
    expect(goOn(trainer)).toEqual(goOn(twin));
  });
});

describe('what a step did to each parameter', () => {
  test('is what can be seen from outside', () => {
    using trainer = make({ clipNorm: 0 });
    trainer.train(4);
    using model = trainer.model();
    const before = model.stateDict();
    const { gradNorms } = trainer.train(1);
    const after = model.stateDict();
    const statistics = trainer.parameterStatistics();
    expect(statistics.map(({ name }) => name)).toEqual([...after.keys()]);
    expect(norm(statistics.map(({ gradNorm }) => gradNorm))).toBeCloseTo(gradNorms[0]!, 6);
    for (const { name, weightNorm, updateNorm, updateRatio } of statistics) {
      const [old, now] = [before.get(name)!.data, after.get(name)!.data];
      expect(weightNorm).toBeCloseTo(norm(now), 5);
      expect(updateNorm).toBeCloseTo(norm(now.map((p, i) => p - old[i]!)), 5);
      expect(updateRatio).toBeCloseTo(updateNorm / norm(old), 5);
    }
  });

  test('is not known before the first step', () => {
    using trainer = make();
    expect(refused(() => trainer.parameterStatistics())).toMatch(/^WRONG_STATE/);
  });
});

describe('a training that diverges', () => {
  const wild: TrainerConfig = {
    cell: 'rnn_relu',
    numLayers: 2,
    clipNorm: 0,
    optimizer: { kind: 'sgd', learningRate: 0.01 },
  };

  test('stops in the same step, says where, and is back at a good state', () => {
    using trainer = make(wild);
    trainer.train(60);
    trainer.setLearningRate(1e9);
    const error = refusal(() => trainer.train(100));
    expect(error).toBeInstanceOf(DivergedError);
    expect(error).toBeInstanceOf(UnrollError);
    expect(error.code).toBe('NOT_FINITE');
    const { divergence, message } = error as DivergedError;
    expect(divergence.step).toBeGreaterThan(60);
    expect(divergence.step).toBeLessThan(70);
    expect([0, 50, 60]).toContain(divergence.resumedAtStep);
    expect(trainer.step).toBe(divergence.resumedAtStep);
    expect(message).toContain(`step ${divergence.step}`);
    using model = trainer.model();
    const weights = model.stateDict();
    for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
    if (divergence.parameter !== null) {
      expect([...weights.keys()]).toContain(divergence.parameter);
      expect(message).toContain(divergence.parameter);
      const layer = /_l(\d)/.exec(divergence.parameter)?.[1];
      expect(divergence.layer).toBe(layer === undefined ? null : Number(layer));
    }
  });

  test('goes on from there as if it had never been further', () => {
    using trainer = make(wild);
    trainer.train(60);
    trainer.setLearningRate(1e9);
    const { divergence } = refusal(() => trainer.train(100)) as DivergedError;
    trainer.setLearningRate(0.01);
    using straight = make(wild);
    straight.train(divergence.resumedAtStep);
    expect(fingerprint(trainer)).toBe(fingerprint(straight));
    expect(trainer.train(30)).toEqual(straight.train(30));
    expect(fingerprint(trainer)).toBe(fingerprint(straight));
  });

  test('can be told to load a state that is none', () => {
    using trainer = make();
    using model = trainer.model();
    const [first, ...others] = [...model.stateDict()];
    const bad: [string, { shape: readonly number[]; data: Float32Array }] = [
      first![0],
      { shape: first![1].shape, data: first![1].data.map((p, i) => (i === 3 ? NaN : p)) },
    ];
    const before = model.fingerprint();
    expect(refused(() => model.loadStateDict([bad, ...others]))).toMatch(/^NOT_FINITE/);
    expect(model.fingerprint()).toBe(before);
  });
});
