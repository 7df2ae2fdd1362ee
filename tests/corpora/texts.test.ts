import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../web/bytes/crc32.js';
import { FILE_TEXTS, findText, TEXTS } from '../../web/corpora/catalogue.js';
import { EDITIONS, TEXT_IDS } from '../../web/corpora/editions.js';
import { loadText } from '../../web/corpora/load-text.js';
import { loadNames } from '../../web/tasks/classify/names.js';
import { decodeUtf8, prepareText } from '../../web/engine/internal.js';

const folder = new URL('../../web/corpora/texts/', import.meta.url);
const read = (fileName: string) => readFile(new URL(fileName, folder));
const textOf = async (id: string) => decodeUtf8(await loadText(id, read));
const lines = async (id: string) => (await textOf(id)).trimEnd().split('\n');

describe.each(TEXTS)('$id', ({ id, prompt, about }) => {
  const { bytes } = EDITIONS[id];
  it('is the text that every link means by it', async () => {
    // loadText refuses another size or checksum.
    expect(await loadText(id, read)).toHaveLength(bytes);
  });

  it('has a prompt of its own characters, and enough of them to train the default run', async () => {
    const text = await textOf(id);
    for (const character of prompt) expect(text).toContain(character);
    expect(text.length * 0.9).toBeGreaterThan(32 * 64 + 1);
    expect(about.length).toBeGreaterThan(30);
  });

  it('is prepared as every text is', async () => {
    const bytes = await loadText(id, read);
    expect(Buffer.compare(prepareText(decodeUtf8(bytes)), bytes)).toBe(0);
  });
});

describe('a text that is not the bundled one', () => {
  it('is refused when one character differs', async () => {
    const other = await read('names.txt');
    other[0]!++;
    await expect(loadText('names', async () => other)).rejects.toThrow(/expected 59167 with bf9e40dd: it is damaged/);
  });

  it('is refused when it is unknown', async () => {
    await expect(loadText('odyssey', read)).rejects.toThrow('text is "odyssey", expected one of moby-dick');
  });

  it('is not asked for when the text is generated', async () => {
    await loadText('sums', () => Promise.reject(new Error('no file')));
  });
});

describe('the texts say what the catalogue says', () => {
  it('moby-dick begins and ends as the novel does', async () => {
    const text = await textOf('moby-dick');
    expect(text).toMatch(/^CHAPTER 1\. Loomings\.\n\nCall me Ishmael\./);
    expect(text).toMatch(/only found another orphan\.\n$/);
    expect(text.match(/^CHAPTER \d+\. /gm)).toHaveLength(135);
  });

  it('names has each name once, shuffled', async () => {
    const names = await lines('names');
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[A-Z][A-Za-z-]*$/.test(name))).toBe(true);
    // In a fair shuffle the last tenth has names of nearly every initial.
    expect(new Set(names.slice(-names.length / 10).map((name) => name[0])).size).toBeGreaterThan(20);
  });

  it('given names are each on one of two lists, some on both', async () => {
    const lines = new TextDecoder()
      .decode(await read('given-names.txt'))
      .trimEnd()
      .split('\n');
    expect(lines.every((line) => /^[A-Z][A-Za-z-]*\t(female|male)$/.test(line))).toBe(true);
    const { data, notes } = await loadNames(read);
    expect(notes).toEqual(['419 names are both female and male, and left out']);
    expect(data.texts).toHaveLength(new Set(data.texts).size);
    expect(data.texts).not.toContain('Robin');
    expect(data.texts.length + 419).toBe(new Set(lines.map((line) => line.split('\t')[0])).size);
  });

  it('given names that were changed are refused', async () => {
    const other = await read('given-names.txt');
    other[0]!++;
    await expect(loadNames(async () => other)).rejects.toThrow(/given-names.txt" has 115909 bytes .* it is damaged/);
  });

  it('sums are right', async () => {
    for (const line of await lines('sums')) {
      const [, a, b, sum] = /^(\d+)\+(\d+)=(\d+)$/.exec(line)!;
      expect(Number(a) + Number(b)).toBe(Number(sum));
    }
  });

  it('counting has as many b as a, from 1 to 12, all about as often', async () => {
    const counts = new Array<number>(13).fill(0);
    const all = await lines('counting');
    for (const line of all) {
      const [, a, b] = /^(a+)(b+)$/.exec(line)!;
      expect(a!.length).toBe(b!.length);
      counts[a!.length]!++;
    }
    expect(counts[0]).toBe(0);
    for (const count of counts.slice(1)) expect(Math.abs(count / (all.length / 12) - 1)).toBeLessThan(0.1);
  });

  it('copying repeats', async () => {
    for (const line of await lines('copying')) expect(line).toMatch(/^([a-h]{3,8}):\1$/);
  });

  it('brackets close', async () => {
    for (const line of await lines('brackets')) {
      let rest = line;
      while (/\(\)|\[\]|\{\}/.test(rest)) rest = rest.replaceAll(/\(\)|\[\]|\{\}/g, '');
      expect(rest).toBe('');
      expect(line.length).toBeGreaterThan(0);
      expect(line.length).toBeLessThanOrEqual(24);
    }
  });

  it('file texts name their source and licence', () => {
    expect(FILE_TEXTS.map((text) => text.id)).toEqual(['moby-dick', 'names']);
    for (const text of FILE_TEXTS) expect(text.licence && text.author && text.sources.length).toBeTruthy();
    expect(TEXTS.map((text) => text.id)).toEqual(TEXT_IDS);
    expect(findText('names')?.kind).toBe('names');
  });
});

describe('crc32', () => {
  it('is the one of zip and PNG', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});
