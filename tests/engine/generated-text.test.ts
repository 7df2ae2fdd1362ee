import { describe, expect, test } from 'vitest';
import type { GeneratedText, LanguageModel } from '../../web/engine/index.js';
import { engine, refused, SENTENCES, SMALL } from './engine.js';

describe('generated text', () => {
  using trainer = engine.createTrainer({ ...SMALL, hiddenSize: 24 }, SENTENCES);
  trainer.train(150);
  const file = ((model: LanguageModel) => engine.saveModel(model))(trainer.model());
  const load = (): LanguageModel => engine.loadModel(file);

  test('is the same for the same seed, and another for another', () => {
    using model = load();
    const write = (seed: number): string => model.generate({ prompt: 'the ', length: 60, seed });
    expect(write(1)).toHaveLength(60);
    expect(write(1)).toBe(write(1));
    expect(write(2)).not.toBe(write(1));
  });

  test.each([{}, { greedy: true }, { temperature: 0.5, topK: 5 }, { topP: 0.8, temperature: 2 }])(
    'is the same in pieces: %j',
    (how) => {
      using model = load();
      const whole = model.generate({ prompt: 'the ', length: 50, ...how });
      using generator = model.createGenerator({ prompt: 'the ', ...how });
      const pieces = [1, 0, 7, 30, 12].map((count) => generator.next(count).text);
      expect(pieces.join('')).toBe(whole);
      expect(pieces[1]).toBe('');
    },
  );

  test('says how likely each character was', () => {
    using model = load();
    using generator = model.createGenerator({ prompt: 'the ', temperature: 1.3, topK: 9, seed: 8 });
    const written = generator.next(40);
    const { logProbs } = model.evaluateText('the ' + written.text);
    expect(written.logProbs).toHaveLength(40);
    written.logProbs.forEach((logProb, i) => expect(logProb).toBeCloseTo(logProbs[i + 3]!, 5));
  });

  test('is returned with them by generate(), with the same bits as in pieces', () => {
    using model = load();
    const how = { prompt: 'the ', temperature: 0.7, topP: 0.9, seed: 8, stop: ['. '] };
    using generator = model.createGenerator(how);
    const written: GeneratedText = model.generate({ ...how, length: 40, logProbs: true });
    expect(written).toEqual(generator.next(40));
    const text: string = model.generate({ ...how, length: 40, logProbs: false });
    expect(text).toBe(written.text);
    expect(refused(() => model.generate({ ...how, length: 40, logProbs: 1 as never }))).toMatch(
      /^INVALID_ARGUMENT: Generator: logProbs is 1/,
    );
  });

  test('is the likeliest when greedy, near temperature 0 and with a single choice', () => {
    using model = load();
    const greedy = model.generate({ prompt: 'the ', length: 60, greedy: true });
    expect(model.generate({ prompt: 'the ', length: 60, temperature: 1e-4 })).toBe(greedy);
    expect(model.generate({ prompt: 'the ', length: 60, topK: 1, seed: 77 })).toBe(greedy);
    expect(model.generate({ prompt: 'the ', length: 60, topP: 1e-9, seed: 78 })).toBe(greedy);
  });

  test('goes wild when it is hot', () => {
    using model = load();
    const characters = new Set(model.generate({ prompt: 'the ', length: 2000, temperature: 100 }));
    expect(characters.size).toBe(28);
  });

  test('of no length is empty', () => {
    using model = load();
    expect(model.generate({ prompt: 'the ', length: 0 })).toBe('');
  });

  test('goes on while the model is trained, each with its own state', () => {
    using live = engine.createTrainer({ ...SMALL, hiddenSize: 24 }, SENTENCES);
    using model = live.model();
    using one = model.createGenerator({ prompt: 'the ', greedy: true });
    using two = model.createGenerator({ prompt: 'the ', greedy: true });
    expect(one.next(10)).toEqual(two.next(10));
    live.train(100);
    expect(one.next(10)).toEqual(two.next(10));
  });

  test.each<[string, unknown, string]>([
    ['foreign characters', { prompt: 'thé Ж', length: 3 }, 'NOT_IN_VOCABULARY: '],
    ['no prompt', { prompt: '', length: 3 }, 'INVALID_ARGUMENT: '],
    ['a missing prompt', { length: 3 }, 'INVALID_ARGUMENT: Generator: prompt is missing, expected a string'],
    [
      'a prompt that is no text',
      { prompt: 7, length: 3 },
      'INVALID_ARGUMENT: Generator: prompt is 7, expected a string',
    ],
    ['no length', { prompt: 'the' }, 'INVALID_ARGUMENT: LanguageModel.generate: length is missing'],
    ['a length below 0', { prompt: 'the', length: -1 }, 'INVALID_ARGUMENT: LanguageModel.generate: length is -1'],
    ['too great a length', { prompt: 'the', length: 1_000_001 }, 'INVALID_ARGUMENT: Generator.next: count is 1000001'],
    ['no temperature', { prompt: 'the', length: 3, temperature: 0 }, 'INVALID_ARGUMENT: '],
    ['a temperature that is no number', { prompt: 'the', length: 3, temperature: NaN }, 'INVALID_ARGUMENT: '],
    [
      'a temperature in words',
      { prompt: 'the', length: 3, temperature: '1' },
      'INVALID_ARGUMENT: Generator: temperature is "1"',
    ],
    ['half a choice', { prompt: 'the', length: 3, topK: 1.5 }, 'INVALID_ARGUMENT: Generator: topK is 1.5'],
    ['choices below 0', { prompt: 'the', length: 3, topK: -1 }, 'INVALID_ARGUMENT: '],
    ['no mass', { prompt: 'the', length: 3, topP: 0 }, 'INVALID_ARGUMENT: '],
    ['more mass than all', { prompt: 'the', length: 3, topP: 1.1 }, 'INVALID_ARGUMENT: '],
    ['a seed that is no number', { prompt: 'the', length: 3, seed: NaN }, 'INVALID_ARGUMENT: Generator: seed is NaN'],
    [
      'a misspelled option',
      { prompt: 'the', length: 3, top_k: 3 },
      'INVALID_ARGUMENT: Generator: there is no option "top_k"',
    ],
  ])('is refused for %s', (_, options, says) => {
    using model = load();
    const before = engine.liveObjects();
    expect(refused(() => model.generate(options as never))).toContain(says);
    expect(engine.liveObjects()).toBe(before);
  });

  test('names the characters that a model does not know', () => {
    using model = load();
    const message = refused(() => model.generate({ prompt: 'the É Ж 漢', length: 3 }));
    expect(message).toContain("U+00C9 'É'");
    expect(message).toContain('U+0416');
    expect(message).toContain('28 characters');
  });
});
