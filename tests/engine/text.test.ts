import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEngine, PreparedText } from '../../web/engine/index.js';
import { decodeUtf8, describeText, prepareText } from '../../web/engine/internal.js';
import { refusal, refused } from './engine.js';

const prepared = (text: string): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(prepareText(text));
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('prepareText', () => {
  test.each([
    ['line ends of all kinds', 'a\r\nb\rc\nd\r\r\n', 'a\nb\nc\nd\n\n'],
    ['letters and their accents', 'e\u0301', 'é'],
    ['half a character, and not the one after it', 'a\ud800b', 'a\ufffdb'],
    ['the other half', '\udc00', '\ufffd'],
    ['a whole one', '😀', '😀'],
    ['nothing', '', ''],
  ])('makes one thing of %s', (_, text, expected) => {
    expect(prepared(text)).toBe(expected);
  });

  // Marks above and below, which change places; marks that are two when they are taken apart; and some that are sorted by hand.
  test.each(['\u0301\u0316', '\u0344', '\u0345\u0301\u0316\u05b0\u3099\u0338', '\u034f\u0301\u0316', '\u0f71\u0f74'])(
    'breaks long rows of marks, and changes nothing the second time: %j',
    (marks) => {
      for (const letter of ['a', 'q', '']) {
        for (const count of [1, 4, 5, 9, 10, 15, 30, 31, 100]) {
          const text = `${letter}${marks.repeat(count)} ${letter}`.slice(0, 400);
          const own = prepared(text);
          expect(own.normalize('NFC')).toBe(own);
          expect(prepared(own)).toBe(own);
          expect(own.replaceAll('\u034f', '').normalize('NFD').length).toBe(
            text.replaceAll('\u034f', '').normalize('NFD').length,
          );
          if (count * marks.length < 10) expect(own).toBe(text.normalize('NFC'));
        }
      }
    },
  );

  test('refuses a text that no engine has room for', () => {
    expect(refused(() => prepareText('x'.repeat(2 ** 26 + 1)))).toBe(
      'TOO_BIG: prepareText: the text has 67108865 characters, expected at most 67108864',
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => prepared(prepared(text)) === prepared(text)),
      { numRuns: 5000 },
    );
  });

  test('gives well-formed text whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }), (units) => {
        const text = prepared(String.fromCharCode(...units));
        return text.isWellFormed() && text.normalize('NFC') === text && !text.includes('\r');
      }),
      { numRuns: 5000 },
    );
  });

  test.each([[undefined], [7], [null], [['a']]])('refuses %j', (value) => {
    expect(refusal(() => prepareText(value as never)).code).toBe('INVALID_ARGUMENT');
  });
});

describe('PreparedText', () => {
  const text = 'e\u0301😀\r\n'.repeat(100);

  test('is the text as it is read, and not prepared again', () => {
    const own = new PreparedText(text);
    expect(decodeUtf8(own.bytes)).toBe('é😀\n'.repeat(100));
    expect(prepareText(own)).toBe(own.bytes);
  });

  test('trains as the text itself does', async () => {
    const engine = await createEngine();
    const [first, second] = [text, new PreparedText(text)].map((own) => {
      using trainer = engine.createTrainer({ cell: 'gru', hiddenSize: 4, batchSize: 2, seqLen: 5 }, own);
      trainer.train(3);
      using model = trainer.model();
      return { info: trainer.info, fingerprint: model.fingerprint() };
    });
    expect(second).toEqual(first);
  });

  test('is not believed to be UTF-8', async () => {
    const engine = await createEngine();
    const damaged = new PreparedText(Uint8Array.of(0x61, 0xff));
    const { code } = refusal(() => engine.createTrainer({ cell: 'gru', hiddenSize: 4 }, damaged));
    expect(code).toBe('INVALID_UTF8');
  });
});

describe('decodeUtf8', () => {
  test('reads back every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const well = text
          .toWellFormed()
          .replaceAll('\0', ' ')
          .replace(/^\ufeff+/, '');
        return decodeUtf8(new TextEncoder().encode(well)) === well;
      }),
      { numRuns: 5000 },
    );
  });

  test('drops a byte order mark at the start, and only there', () => {
    expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf, 0x61, 0xef, 0xbb, 0xbf))).toBe('a\ufeff');
  });

  test.each([
    ['UTF-16', bytes(0xff, 0xfe, 0x61, 0), 'but text in UTF-16; save it as UTF-8 and try again'],
    ['UTF-16, big end first', bytes(0xfe, 0xff, 0, 0x61), 'but text in UTF-16; save it as UTF-8 and try again'],
    ['UTF-16 without a mark', bytes(0x61, 0, 0x62, 0), 'but has a zero byte at position 1, as UTF-16'],
    ['a PDF', new TextEncoder().encode('%PDF-1.7 …'), 'but a PDF document; copy its text'],
    ['an office document', bytes(0x50, 0x4b, 3, 4, 20), 'but a ZIP archive or an office document; copy its text'],
    ['a gzip file', bytes(0x1f, 0x8b, 8, 0), 'but compressed; unpack it first'],
    ['a PNG', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10), 'but a picture; choose a text instead'],
    ['Latin-1', bytes(0x63, 0x61, 0x66, 0xe9, 0x20), 'at byte 3, which is 0xE9; it may be in an older encoding'],
    ['a sequence that is cut off', bytes(0x61, 0xe2, 0x82), 'at byte 1, which is 0xE2'],
    ['a stray continuation', bytes(0x61, 0x62, 0x80, 0x61), 'at byte 2, which is 0x80'],
    ['an overlong slash', bytes(0xc0, 0xaf), 'at byte 0, which is 0xC0'],
    ['a surrogate', bytes(0x61, 0xed, 0xa0, 0x80), 'at byte 1, which is 0xED'],
    ['a number above all characters', bytes(0xf4, 0x90, 0x80, 0x80), 'at byte 0, which is 0xF4'],
  ])('says what is wrong with %s', (_, file, says) => {
    const message = refused(() => decodeUtf8(file));
    expect(message).toMatch(/^INVALID_UTF8: this file is not UTF-8 text /);
    expect(message).toContain(says);
  });

  test('finds the first foreign byte in a long file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ maxLength: 300 }), (before, after) => {
        const start = new TextEncoder().encode(before);
        const file = Uint8Array.from([...start, 0xff, ...new TextEncoder().encode(after)]);
        fc.pre(!file.includes(0) && start.length > 0);
        return refused(() => decodeUtf8(file)).includes(`at byte ${start.length}, which is 0xFF`);
      }),
    );
  });

  test('refuses what is no bytes', () => {
    expect(refusal(() => decodeUtf8('text' as never)).code).toBe('INVALID_ARGUMENT');
  });
});

describe('what a text is made of', () => {
  test('are its characters as the engine reads it, and how many are distinct', async () => {
    const engine = await createEngine();
    expect(describeText(engine, 'abca\r\n🐳')).toEqual({ characters: 6, vocabSize: 5 });
    expect(describeText(engine, new PreparedText('e\u0301'))).toEqual({ characters: 1, vocabSize: 1 });
    expect(refusal(() => describeText(engine, '')).code).toBe('TEXT_TOO_SHORT');
  });
});
