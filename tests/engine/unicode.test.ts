import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareText } from '../../web/engine/internal.js';
import { engine, times } from './engine.js';

/** A text as the engine reads it, as a string again. A byte order mark at its start is dropped. */
const asRead = (text: string): string => new TextDecoder().decode(prepareText(text));

/** Anything at all: every code unit, whole characters, and what people write. */
const anyText = fc.oneof(
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 30 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);

describe('any text', () => {
  test('goes into a vocabulary and comes out in the order of its characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = asRead(text);
        fc.pre([...read].length > 1);
        const config = { hiddenSize: 1, batchSize: 1, seqLen: 1, split: [1, 0, 0] as const };
        using trainer = engine.createTrainer(config, text);
        using model = trainer.model();
        const characters = [...new Set(read)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
        expect(model.vocabulary).toBe(characters.join(''));
        expect(model.vocabSize).toBe(characters.length);
        expect(trainer.info.trainChars).toBe([...read].length);
      }),
      { numRuns: times(1000) },
    );
  });

  test('survives saving and loading in a vocabulary', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const characters = [...new Set(asRead(text))];
        fc.pre(characters.length > 0);
        using model = engine.createLanguageModel({ hiddenSize: 1, vocabulary: characters });
        using loaded = engine.loadModel(engine.saveModel(model));
        expect(loaded.vocabulary).toBe(characters.join(''));
        expect(loaded.fingerprint()).toBe(model.fingerprint());
      }),
      { numRuns: times(1000) },
    );
  });

  test('is written as it was read', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = asRead(text);
        fc.pre(read.length > 0);
        const first = [...read][0]!;
        // A model that knows a single character can only repeat it.
        using model = engine.createLanguageModel({ hiddenSize: 1, vocabulary: [first] });
        const prompt = first === '\ufeff' ? first + first : first;
        expect(model.generate({ prompt, length: 3 })).toBe(first.repeat(3));
      }),
      { numRuns: times(1000) },
    );
  });

  test('is evaluated character by character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = asRead(text);
        fc.pre([...read].length > 1);
        using model = engine.createLanguageModel({ hiddenSize: 2, vocabulary: [...new Set(read)] });
        expect(model.evaluateText(text).positions).toBe([...read].length - 1);
      }),
      { numRuns: times(500) },
    );
  });
});
