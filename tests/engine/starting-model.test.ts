import { describe, expect, test } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import type { TrainerConfig } from '../../web/engine/index.js';
import { engine, refusal, SENTENCES, SMALL } from './engine.js';

const OTHER_TEXT = 'pack my box with five dozen liquor jugs. '.repeat(60);
const NEW_TEXT = 'Zwölf Boxkämpfer jagen Viktor über den Sylter Deich. '.repeat(60);

function trained(config: TrainerConfig = SMALL) {
  using trainer = engine.createTrainer(config, SENTENCES);
  trainer.train(20);
  using model = trainer.model();
  return engine.loadModel(engine.saveModel(model));
}

describe('a trainer that starts from a model', () => {
  test.each<TrainerConfig>([SMALL, { ...SMALL, cell: 'gru', embeddingDim: 5, numLayers: 2 }])(
    'has its cell, sizes, weights and characters, and leaves it as it is: %j',
    (config) => {
      using model = trained(config);
      const before = model.fingerprint();
      using trainer = engine.createTrainer({ model, batchSize: 3, seqLen: 7 }, OTHER_TEXT);
      using inTraining = trainer.model();
      expect(inTraining.fingerprint()).toBe(before);
      expect(inTraining.vocabulary).toBe(model.vocabulary);
      expect(inTraining.config).toEqual(model.config);
      const { losses } = trainer.train(900);
      expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
      expect(model.fingerprint()).toBe(before);
      trainer.rewind();
      expect(inTraining.fingerprint()).toBe(before);
    },
  );

  test('may have another seed and dropout', () => {
    using model = trained();
    using trainer = engine.createTrainer({ ...SMALL, model, dropout: 0.5, seed: 9 }, OTHER_TEXT);
    using inTraining = trainer.model();
    expect(inTraining.config).toMatchObject({ dropout: 0.5, seed: 9, hiddenSize: 12 });
  });

  test('names characters that the model does not know', () => {
    using model = trained();
    expect(refusal(() => engine.createTrainer({ ...SMALL, model }, NEW_TEXT))).toMatchObject({
      code: 'NOT_IN_VOCABULARY',
      message: expect.stringMatching(/^Trainer: U\+005A 'Z' at position 0, .* are not in the vocabulary/) as string,
    });
  });

  test('learns them when its vocabulary may grow, with tokens behind the old ones', () => {
    using model = trained();
    using trainer = engine.createTrainer({ ...SMALL, hiddenSize: 12, model, growVocabulary: true }, NEW_TEXT);
    using inTraining = trainer.model();
    expect(inTraining.vocabulary).toBe(`${model.vocabulary}BDSVZäöü`);
    const [old, grown] = [model, inTraining].map((own) => own.stateDict().get('head.weight')!.data);
    expect(grown!.slice(0, old!.length)).toEqual(old);
    expect(trainer.info.vocabSize).toBe(36);
    trainer.train(1000);
    expect(inTraining.generate({ prompt: 'Zwölf ', length: 10, greedy: true })).toBe('Boxkämpfer');
  });

  test('saves a state that goes on in a trainer with the same characters', () => {
    using model = trained();
    const make = () => engine.createTrainer({ ...SMALL, model, growVocabulary: true }, NEW_TEXT);
    using begun = make();
    begun.train(10);
    const state = begun.saveState();
    const { losses } = begun.train(20);
    using another = engine.createLanguageModel({ hiddenSize: 12, vocabulary: `${model.vocabulary}BDSVZäöü` });
    using restored = engine.createTrainer({ ...SMALL, model: another }, NEW_TEXT);
    restored.restoreState(state);
    expect(restored.train(20).losses).toEqual(losses);
    using fresh = engine.createTrainer(SMALL, NEW_TEXT);
    expect(refusal(() => fresh.restoreState(state)).code).toBe('INVALID_CONFIG');
  });

  test.each<[TrainerConfig, string]>([
    [{ cell: 'gru' }, 'cell=gru instead of cell=lstm'],
    [{ hiddenSize: 13 }, 'hidden_size=13 instead of hidden_size=12'],
    [{ numLayers: 2 }, 'num_layers=2 instead of num_layers=1'],
    [{ embeddingDim: 2 }, 'embedding_dim=2 instead of embedding_dim=0'],
  ])('refuses another network by name: %j', (config, what) => {
    using model = trained();
    expect(refusal(() => engine.createTrainer({ ...SMALL, model, ...config }, OTHER_TEXT))).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining(`${what}, as the model to start from`) as string,
    });
  });

  test('refuses what is no model of this engine', async () => {
    const { message } = refusal(() => engine.createTrainer({ model: {} } as unknown as TrainerConfig, OTHER_TEXT));
    expect(message).toContain('model is an object, expected a LanguageModel');
    const other = await createEngine();
    using foreign = other.createLanguageModel({ hiddenSize: 12, vocabulary: 'abc' });
    expect(refusal(() => engine.createTrainer({ model: foreign }, 'abc'.repeat(500)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('a LanguageModel of this engine') as string,
    });
    const deleted = trained();
    deleted.delete();
    expect(refusal(() => engine.createTrainer({ model: deleted }, OTHER_TEXT)).code).toBe('DELETED');
  });
});
