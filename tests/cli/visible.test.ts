import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { visible, visibleJson, visibleLines } from '../../web/cli/visible.js';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** C0, DEL and C1; turns of direction; separators of lines; no width; surrogates; tags. */
const UNSEEN = [
  ...[range(0, 0x1f), range(0x7f, 0x9f), range(0x202a, 0x202e), range(0x2066, 0x2069), range(0x200b, 0x200f)].flat(),
  ...[0xad, 0x61c, 0x2028, 0x2029, 0x2060, 0xfeff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe0001, 0xe0041],
];

describe('a text that is made visible', () => {
  it.each([
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\x9b31m\x7f', '\\x9b31m\\x7f'],
    ['\u202egpj.exe', '\\u202egpj.exe'],
    ['\ud800 \u{e0041}', '\\ud800 \\u{e0041}'],
  ])('%j', (text, shown) => expect(visible(text)).toBe(shown));

  it('has none of the characters that act or hide', () => {
    for (const code of UNSEEN) {
      const character = String.fromCodePoint(code);
      for (const shown of [visible(character), visibleJson(character)])
        expect(shown, code.toString(16)).toMatch(/^[ -~]+$/);
      if (code !== 9 && code !== 10) expect(visibleLines(character)).toBe(visible(character).replace('\\r', '\\x0d'));
    }
    expect(visibleLines('a\n\tb')).toBe('a\n\tb');
  });

  it('is the same where everything can be seen, in any script', () => {
    const text = 'Zoë 東京 हिन्दी русский العربية \u0600 👩🏽 ❤️ \\x1b "quoted" C:\\new';
    for (const show of [visible, visibleLines]) expect(show(text)).toBe(text);
    expect(visible(visible('\x1b'))).toBe(visible('\x1b'));
  });

  it('is the same value when it is JSON', () => {
    const value = { text: UNSEEN.map((code) => String.fromCodePoint(code)).join('-') };
    expect(JSON.parse(visibleJson(value))).toEqual(value);
  });
});

describe('the command line', () => {
  it('writes to its outputs in one file alone', () => {
    const folder = fileURLToPath(new URL('../../web/cli', import.meta.url));
    const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) =>
        /\b(?:stdout|stderr)\.(?:write|end)\b|\bconsole\./.test(readFileSync(join(folder, name), 'utf8')),
      );
    expect(writers).toEqual(['terminal.ts']);
  });
});
