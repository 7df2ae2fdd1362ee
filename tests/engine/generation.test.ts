import { describe, expect, test } from 'vitest';
import type { LanguageModel } from '../../web/engine/index.js';
import { engine, refused, SENTENCES, SMALL } from './engine.js';
import { closeTo, rowsOf } from './reference.js';

const file = (() => {
  using trainer = engine.createTrainer({ ...SMALL, hiddenSize: 24 }, SENTENCES);
  trainer.train(150);
  using model = trainer.model();
  return engine.saveModel(model);
})();
const load = (): LanguageModel => engine.loadModel(file);

describe('stop strings', () => {
  const options = { prompt: 'the ', greedy: true } as const;
  using reader = load();
  const whole = reader.generate({ ...options, length: 200 });
  /** Two characters somewhere in the text, and the text up to the first place where they are. */
  const stop = whole.slice(20, 22);
  const upTo = whole.slice(0, whole.indexOf(stop) + 2);

  test('end a text, and are its end', () => {
    using model = load();
    expect(model.generate({ ...options, length: 200, stop: [stop] })).toBe(upTo);
    using generator = model.createGenerator({ ...options, stop: [stop] });
    expect(generator.next(200)).toMatchObject({ text: upTo, stopped: true });
    expect(generator.next(5)).toMatchObject({ text: '', stopped: true });
  });

  test('are found across pieces', () => {
    using model = load();
    using generator = model.createGenerator({ ...options, stop: [stop] });
    const pieces = Array.from({ length: 200 }, () => generator.next(1));
    expect(pieces.map(({ text }) => text).join('')).toBe(upTo);
    expect(pieces.findIndex(({ stopped }) => stopped)).toBe(upTo.length - 1);
  });

  test('count by whichever comes first', () => {
    using model = load();
    const later = whole.slice(60, 70);
    expect(model.generate({ ...options, length: 200, stop: [later, stop] })).toBe(upTo);
    expect(model.generate({ ...options, length: 5, stop: [later] })).toBe(whole.slice(0, 5));
  });

  test.each<[string, unknown]>([
    ['NOT_IN_VOCABULARY', ['É']],
    ['INVALID_ARGUMENT: Generator: a stop string is "", expected at least one character', ['']],
    ['INVALID_ARGUMENT: Generator: stop is "x", expected an array of strings', 'x'],
    ['INVALID_ARGUMENT: Generator: stop is 7, expected a string', [7]],
  ])('%s', (says, wrong) => {
    using model = load();
    expect(refused(() => model.generate({ ...options, length: 3, stop: wrong as string[] }))).toContain(says);
  });
});

describe('many texts at once', () => {
  test.each([{}, { greedy: true }, { temperature: 0.7, topK: 5 }, { topP: 0.8, stop: ['fox', 'dog'] }])(
    'are each what a generator writes: %j',
    (how) => {
      using model = load();
      const prompts = ['the ', 'a', 'quick brown'];
      const many = model.generateMany({ ...how, prompts, length: 40, seed: 11 });
      prompts.forEach((prompt, i) => {
        using generator = model.createGenerator({ ...how, prompt, seed: 11 + i });
        expect(many[i]).toEqual(generator.next(40));
      });
    },
  );

  test('of one prompt differ by their seeds', () => {
    using model = load();
    const texts = model.generateMany({ prompt: 'the ', count: 4, length: 30 }).map(({ text }) => text);
    expect(new Set(texts).size).toBe(4);
    expect(texts[0]).toBe(model.generate({ prompt: 'the ', length: 30 }));
  });

  test.each<[string, object]>([
    ['INVALID_ARGUMENT: LanguageModel.generateMany: length is missing', { prompt: 'a' }],
    [
      'INVALID_ARGUMENT: LanguageModel.generateMany: prompt is missing, expected either prompt or prompts',
      { length: 1 },
    ],
    ['expected either prompt or prompts', { length: 1, prompt: 'a', prompts: ['a'] }],
    ['count is 3, expected 2, one for each of prompts', { length: 1, count: 3, prompts: ['a', 'b'] }],
    ['count is 1025, expected 1 to 1024', { length: 1, count: 1025, prompt: 'a' }],
    ['INVALID_ARGUMENT', { length: 1, prompts: [] }],
    ['INVALID_ARGUMENT', { length: 1, prompts: ['a', ''] }],
    ['NOT_IN_VOCABULARY', { length: 1, prompts: ['a', 'É'] }],
    ['INVALID_ARGUMENT', { length: 1_000_001, prompt: 'a' }],
    ['INVALID_ARGUMENT', { length: 1, prompt: 'a', temperature: 0 }],
    ['INVALID_ARGUMENT', { length: 1, prompt: 'a', count: 2, seed: 2 ** 53 - 1 }],
  ])('%s', (says, options) => {
    using model = load();
    expect(refused(() => model.generateMany(options as never))).toContain(says);
  });
});

describe('evaluation', () => {
  const texts = ['the quick', 'brown fox jumps', 'ab', 'over the lazy dog'];

  test('of many texts gives each what it gets alone, to the bit', () => {
    using model = load();
    expect(model.evaluateTexts(texts)).toEqual(texts.map((text) => model.evaluateText(text)));
  });

  test('has nats, bits and perplexity of the same odds', () => {
    using model = load();
    const { positions, lossNats, bitsPerChar, perplexity, logProbs } = model.evaluateText(texts[1]!);
    expect(positions).toBe(14);
    expect(lossNats).toBeCloseTo(-logProbs.reduce((a, b) => a + b, 0) / 14, 5);
    expect(bitsPerChar).toBe(lossNats / Math.log(2));
    expect(perplexity).toBeCloseTo(Math.exp(lossNats), 10);
  });

  test.each<[string, unknown]>([
    ['TEXT_TOO_SHORT', ['the', 'a']],
    ['NOT_IN_VOCABULARY', ['the', 'É!']],
    ['INVALID_ARGUMENT: LanguageModel.evaluateTexts: texts is "the"', 'the'],
    ['INVALID_ARGUMENT', [7]],
  ])('%s', (says, wrong) => {
    using model = load();
    expect(refused(() => model.evaluateTexts(wrong as string[]))).toContain(says);
  });
});

/** All texts of so many characters behind a prompt, with ln p, found the long way. */
function allTexts(model: LanguageModel, prompt: string, length: number): { text: string; logProb: number }[] {
  let texts = [{ text: '', logProb: 0 }];
  for (let i = 0; i < length; i++) {
    texts = texts.flatMap(({ text, logProb }) => {
      const odds = rowsOf(model.probe(prompt + text).probabilities).at(-1)!;
      return [...model.vocabulary].map((next, j) => ({ text: text + next, logProb: logProb + Math.log(odds[j]!) }));
    });
  }
  return texts.sort((a, b) => b.logProb - a.logProb);
}

describe('beam search', () => {
  test('with room for all finds the likeliest of all texts', () => {
    using model = engine.createLanguageModel({ vocabulary: 'abcd', hiddenSize: 6, seed: 9 });
    const best = allTexts(model, 'ab', 3);
    const found = model.beamSearch({ prompt: 'ab', width: 64, length: 3 });
    expect(found.map(({ text }) => text)).toEqual(best.map(({ text }) => text));
    closeTo(
      found.map(({ logProb }) => logProb),
      best.map(({ logProb }) => logProb),
    );
    closeTo(
      found.map(({ score }) => score),
      best.map(({ logProb }) => logProb / 3),
    );
    for (const { text, logProb, logProbs } of found) {
      closeTo([logProbs.reduce((a, b) => a + b, 0)], [logProb]);
      closeTo(logProbs, model.evaluateText(`ab${text}`).logProbs.slice(1));
    }
  });

  test('of width 1 is greedy, and a wider one is no worse', () => {
    using model = load();
    const [greedy] = model.beamSearch({ prompt: 'the ', width: 1, length: 30 });
    expect(greedy!.text).toBe(model.generate({ prompt: 'the ', length: 30, greedy: true }));
    const wide = model.beamSearch({ prompt: 'the ', width: 8, length: 30 });
    expect(wide).toHaveLength(8);
    expect(wide[0]!.logProb).toBeGreaterThanOrEqual(greedy!.logProb);
    expect(wide.map(({ score }) => score)).toEqual(wide.map(({ score }) => score).sort((a, b) => b - a));
  });

  test('sets texts aside that a stop string ends', () => {
    using model = load();
    const found = model.beamSearch({ prompt: 'the', width: 6, length: 20, stop: ['o', 'ui'] });
    expect(found.some(({ text }) => text.length < 20)).toBe(true);
    // Nothing comes behind a stop string, and what has none has its length.
    for (const { text } of found) {
      expect(text).toMatch(/^([^ou]|u(?!i))*(o|ui)?$/);
      if (text.length < 20) expect(text).toMatch(/(o|ui)$/);
    }
  });

  test('likes short texts without a penalty of their length', () => {
    using model = load();
    const search = (lengthPenalty: number) =>
      model.beamSearch({ prompt: 'the', width: 6, length: 30, lengthPenalty, stop: [' '] });
    for (const { logProb, score } of search(0)) expect(score).toBe(logProb);
    for (const { text, logProb, score } of search(2)) expect(score).toBeCloseTo(logProb / text.length ** 2, 10);
  });

  test.each<[string, object]>([
    ['INVALID_ARGUMENT: LanguageModel.beamSearch: prompt is missing', {}],
    ['INVALID_ARGUMENT', { prompt: '' }],
    ['INVALID_ARGUMENT', { prompt: 'a', width: 65 }],
    ['INVALID_ARGUMENT: LanguageModel.beamSearch: width is 0', { prompt: 'a', width: 0 }],
    ['INVALID_ARGUMENT', { prompt: 'a', length: 4097 }],
    ['INVALID_ARGUMENT', { prompt: 'a', lengthPenalty: -1 }],
    ['INVALID_ARGUMENT', { prompt: 'a', lengthPenalty: NaN }],
    ['NOT_IN_VOCABULARY', { prompt: 'É' }],
    ['there is no option "temperature"', { prompt: 'a', temperature: 1 }],
  ])('%s', (says, options) => {
    using model = load();
    expect(refused(() => model.beamSearch(options as never))).toContain(says);
  });

  test('and all the others after delete', () => {
    const gone = load();
    gone.delete();
    for (const use of [
      () => gone.beamSearch({ prompt: 'a' }),
      () => gone.generateMany({ prompt: 'a', length: 1 }),
      () => gone.evaluateTexts(['ab']),
    ]) {
      expect(refused(use)).toMatch(/^DELETED: LanguageModel/);
    }
  });
});
