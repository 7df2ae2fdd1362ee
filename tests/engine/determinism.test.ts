import { describe, expect, test } from 'vitest';
import { createEngine, tensor } from '../../web/engine/index.js';
import type { LanguageModelTrainer, TrainerConfig } from '../../web/engine/index.js';
import { engine, SENTENCES, SMALL } from './engine.js';

const STEPS = 60;
const CONFIG: TrainerConfig = { ...SMALL, cell: 'gru', numLayers: 2, dropout: 0.2 };

function fingerprintOf(trainer: LanguageModelTrainer): string {
  using model = trainer.model();
  return model.fingerprint();
}

function train(config: TrainerConfig, how: (trainer: LanguageModelTrainer) => void): string {
  using trainer = engine.createTrainer(config, SENTENCES);
  how(trainer);
  return fingerprintOf(trainer);
}

const whole = train(CONFIG, (trainer) => trainer.train(STEPS));

describe('a run gives the same bits', () => {
  test('a second time', () => {
    expect(train(CONFIG, (trainer) => trainer.train(STEPS))).toBe(whole);
  });

  test('in another engine', async () => {
    using trainer = (await createEngine()).createTrainer(CONFIG, SENTENCES);
    trainer.train(STEPS);
    expect(fingerprintOf(trainer)).toBe(whole);
  });

  test.each([1, 2, 7, 59])('in slices of %i steps', (size) => {
    const sliced = train(CONFIG, (trainer) => {
      for (let left = STEPS; left > 0; left -= size) trainer.train(Math.min(size, left));
    });
    expect(sliced).toBe(whole);
  });

  test('in slices that the clock ends', () => {
    const sliced = train(CONFIG, (trainer) => {
      for (let step = 0; step < STEPS;) step = trainer.trainSlice(STEPS - step, 0.3).step;
    });
    expect(sliced).toBe(whole);
  });

  test('with evaluations and samples in between', () => {
    const interrupted = train(CONFIG, (trainer) => {
      for (let step = 0; step < STEPS; step += 10) {
        trainer.train(10);
        trainer.evaluate('validation');
        trainer.beginEvaluation('train');
        trainer.continueEvaluation(0);
        using model = trainer.model();
        model.generate({ prompt: 'the ', length: 30 });
        model.evaluateText('the lazy dog');
      }
    });
    expect(interrupted).toBe(whole);
  });

  test('after rewinding', () => {
    const again = train(CONFIG, (trainer) => {
      const start = fingerprintOf(trainer);
      trainer.train(17);
      trainer.setLearningRate(0.5);
      trainer.rewind();
      expect(fingerprintOf(trainer)).toBe(start);
      trainer.train(STEPS);
    });
    expect(again).toBe(whole);
  });

  test('whatever was in the engine’s memory before', () => {
    using other = engine.createRnn({ inputSize: 50, hiddenSize: 50 });
    other.forward(tensor([20, 3, 50]));
    expect(train(CONFIG, (trainer) => trainer.train(STEPS))).toBe(whole);
  });
});

describe('a run gives other bits', () => {
  test.each<[string, TrainerConfig]>([
    ['with another seed', { seed: 6 }],
    ['with another cell', { cell: 'lstm' }],
    ['with another dropout', { dropout: 0.3 }],
    ['with another learning rate', { optimizer: { kind: 'adam', learningRate: 0.0021 } }],
    ['with another optimizer', { optimizer: { kind: 'sgd', learningRate: 0.002 } }],
    ['with another clipping', { clipNorm: 0.01 }],
    ['with another batch', { batchSize: 4 }],
    ['with another split', { split: [0.811, 0.1, 0.089] }],
  ])('%s', (_, change) => {
    expect(train({ ...CONFIG, ...change }, (trainer) => trainer.train(STEPS))).not.toBe(whole);
  });

  test('after one step more', () => {
    expect(train(CONFIG, (trainer) => trainer.train(STEPS + 1))).not.toBe(whole);
  });

  test('with another learning rate from some step on', () => {
    const changed = train(CONFIG, (trainer) => {
      trainer.train(STEPS - 1);
      trainer.setLearningRate(0.003);
      trainer.train(1);
    });
    expect(changed).not.toBe(whole);
  });
});
