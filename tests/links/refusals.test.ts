import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, hex32 } from '../../web/bytes/crc32.js';
import { SeededRandom } from '../../web/corpora/generators/seeded-random.js';
import { DEFAULTS, LinkError, readLink, writeLink } from '../../web/links/index.js';

async function refusal(link: string): Promise<LinkError> {
  const error: unknown = await readLink(link).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error, link).toBeInstanceOf(LinkError);
  return error as LinkError;
}

const packed = (bytes: Uint8Array | string) => deflateRawSync(bytes).toString('base64url');

/** A link with a good seal and whatever is in it: what an attacker, or a newer Unroll, would make. */
function sealed(body: string): string {
  const checksum = hex32(crc32(new TextEncoder().encode(`v=1&k=${body.length}&${body}`)));
  return `#v=1&k=${body.length}.${checksum}&${body}`;
}

describe('a hand-written link', () => {
  it('opens without a seal', async () => {
    const { config } = await readLink('#v=1&cell=gru&lr=1e-3&split=.8,.1,.1&prompt=The+sea&greedy=true');
    expect(config).toEqual({
      ...DEFAULTS,
      cell: 'gru',
      learningRate: 0.001,
      split: [0.8, 0.1, 0.1],
      prompt: 'The+sea',
      greedy: true,
    });
  });

  it.each([
    ['#v=1&cel=gru', 'LINK_DAMAGED', 'did you mean "cell"?'],
    ['#v=1&attention=1', 'LINK_DAMAGED', '"attention" that is not known'],
    ['#v=1&bidirectional=1', 'INVALID_CONFIG', 'a run has no value called "bidirectional"'],
    ['#v=1&cell=GRU', 'INVALID_CONFIG', 'cell is "GRU", expected one of lstm, gru, rnn, rnn-relu'],
    ['#v=1&hidden=0', 'INVALID_CONFIG', 'hidden is 0, expected a whole number from 1 to 1024'],
    ['#v=1&hidden=100000', 'INVALID_CONFIG', 'hidden is 100000'],
    ['#v=1&hidden=12.5', 'INVALID_CONFIG', 'hidden is 12.5'],
    ['#v=1&hidden=0x10', 'INVALID_CONFIG', 'hidden is "0x10"'],
    ['#v=1&hidden=', 'INVALID_CONFIG', 'hidden is ""'],
    ['#v=1&lr=NaN', 'INVALID_CONFIG', 'lr is "NaN", expected a number from 1e-9 to 10'],
    ['#v=1&lr=Infinity', 'INVALID_CONFIG', 'lr is "Infinity"'],
    ['#v=1&lr=-1', 'INVALID_CONFIG', 'lr is -1'],
    ['#v=1&steps=1e999', 'INVALID_CONFIG', 'steps is Infinity'],
    ['#v=1&seed=9007199254740992', 'INVALID_CONFIG', 'seed is 9007199254740992'],
    ['#v=1&split=0.9,0.2,0.1', 'INVALID_CONFIG', 'split is 0.9,0.2,0.1'],
    ['#v=1&split=0,0.5,0.5', 'INVALID_CONFIG', 'with the first above 0'],
    ['#v=1&split=1', 'INVALID_CONFIG', 'split is 1'],
    ['#v=1&split=0.5,0.5,', 'INVALID_CONFIG', 'split is 0.5,0.5,'],
    ['#v=1&text=my-novel', 'INVALID_CONFIG', 'text is "my-novel", expected one of moby-dick, names'],
    ['#v=1&greedy=yes', 'INVALID_CONFIG', 'greedy is "yes"'],
    ['#v=1&eval-every=-1', 'INVALID_CONFIG', 'eval-every is -1'],
    [`#v=1&prompt=${'a'.repeat(1001)}`, 'INVALID_CONFIG', 'expected at most 1000 characters'],
    ['#v=1&cell=gru&cell=lstm', 'LINK_DAMAGED', '"cell" is there twice'],
    ['#v=1&cell', 'LINK_DAMAGED', '"cell" is not of the form key=value'],
    ['#v=1&cell=gru&', 'LINK_DAMAGED', '"" is not of the form'],
    ['#v=1&cell=g=u', 'LINK_DAMAGED', '"cell=g=u" is not of the form'],
    ['#v=1&__proto__=1', 'LINK_DAMAGED', '"__proto__=1" is not of the form'],
    ['#v=1&constructor=1', 'LINK_DAMAGED', '"constructor" that is not known'],
    ['#v=1&cell=gru&v=1', 'LINK_DAMAGED', '"v" is not at the beginning'],
    ['#v=1&cell=gru&k=0.00000000', 'LINK_DAMAGED', '"k" is not at the beginning'],
    ['#v=1&prompt=a b', 'LINK_DAMAGED', 'U+0020 at position 8'],
    ['#v=1&prompt=café', 'LINK_DAMAGED', 'U+00E9 at position 10'],
    ['#v=1&prompt=%E9', 'LINK_DAMAGED', 'escapes (%…) in the value of "prompt"'],
    ['#v=1&prompt=%', 'LINK_DAMAGED', 'escapes'],
    ['#cell=gru&v=1', 'LINK_DAMAGED', 'begins with "cell=gru&v=1", expected the version'],
    ['#v=0&cell=gru', 'LINK_DAMAGED', 'begins with "v=0'],
    ['#v=01&cell=gru', 'LINK_DAMAGED', 'begins with "v=01'],
    ['#section-2', 'LINK_DAMAGED', 'begins with "section-2"'],
    ['https://example.org/unroll/', 'LINK_DAMAGED', 'there is no #'],
    ['', 'LINK_DAMAGED', 'there is no #'],
    ['#v=1', 'LINK_TRUNCATED', 'right after its version'],
    ['#v=2&cell=gru', 'LINK_NEWER', 'link version 2, this one reads 1'],
    ['#v=255', 'LINK_NEWER', 'Reload the page or update'],
    ['#v=1&e=1.3.12', 'LINK_DAMAGED', 'its result, e=1.3.12, cannot be read'],
    ['#v=1&steps=5&e=1.6.0123456789abcdef', 'INVALID_CONFIG', 'step 6, but the run has 5 steps'],
    [`#v=1&text=names&t=${packed('abc')}`, 'LINK_DAMAGED', 'names a text and has another'],
    [`#v=1&prompt=${'a'.repeat(80_000)}`, 'LINK_TOO_LONG', '80012 characters'],
  ] as const)('%s is refused', async (link, code, says) => {
    const error = await refusal(link);
    expect(error.message).toContain(says);
    expect(error.code).toBe(code);
  });

  it('names every value that is wrong, not only the first', async () => {
    const error = await refusal('#v=1&batch=0&seq=0');
    expect(error.message).toMatch(/batch is 0.*; seq is 0/);
  });
});

describe('a text inside a link', () => {
  const whole = packed('abcabcabcabc, and once again');

  it.each([
    ['other characters', `${whole.slice(0, -1)}+`, 'base64url'],
    ['padding', `${packed('a')}==`, 'not of the form key=value'],
    ['bits left over', packed('ab').replace(/A$/, 'B'), 'base64url'],
    ['an impossible length', 'AAAAA', 'base64url'],
    ['a stream that is cut', whole.slice(0, 12), 'cannot be decompressed'],
    ['nothing', '', 'cannot be decompressed'],
    ['noise', '____', 'cannot be decompressed'],
    [
      'a byte behind the stream',
      Buffer.concat([deflateRawSync('abc'), Buffer.from([0])]).toString('base64url'),
      'follows after its end',
    ],
    [
      'a second stream',
      Buffer.concat([deflateRawSync('abc'), deflateRawSync('def')]).toString('base64url'),
      'follows after its end',
    ],
    ['bytes that are not UTF-8', packed(Uint8Array.of(0x61, 0xe9, 0x62)), 'not UTF-8'],
    ['an overlong encoding', packed(Uint8Array.of(0xc0, 0x80)), 'not UTF-8'],
    ['no characters', packed(''), 'text is empty'],
    ['one byte too many', packed('a'.repeat(256 * 1024 + 1)), 'more than 256 kB'],
    ['sixty megabytes of zeros', packed(new Uint8Array(60_000_000)).slice(0, 60_000), 'more than 256 kB'],
  ])('with %s is refused', async (_, t, says) => {
    const error = await refusal(`#v=1&t=${t}`);
    expect(error.message).toContain(says);
    // With a seal that fits, nothing is different.
    if (!t.includes('=')) expect((await refusal(sealed(`t=${t}`))).message).toContain(says);
  });

  it('keeps a byte order mark, line ends and characters of every plane', async () => {
    const own = '\ufeffa\r\nb\u0000c\u{1f433}\uffff';
    const opened = await readLink(await writeLink({ config: { ...DEFAULTS, text: { own } } }));
    expect(opened.config).toMatchObject({ text: { own } });
  });

  it('may have 256 kB, and not one byte more', async () => {
    const own = 'a'.repeat(256 * 1024);
    const opened = await readLink(await writeLink({ config: { ...DEFAULTS, text: { own } } }));
    expect(opened.config).toMatchObject({ text: { own } });
    await expect(writeLink({ config: { ...DEFAULTS, text: { own: `${own}a` } } })).rejects.toMatchObject({
      code: 'LINK_TOO_LONG',
      message: 'Your text has 257 kB, a link holds at most 256 kB; share it as a file.',
    });
  });

  it('is refused when its characters do not compress into a link', async () => {
    const random = new SeededRandom(1);
    const own = Array.from({ length: 80_000 }, () => String.fromCharCode(random.between(0x4e00, 0x9fff))).join('');
    await expect(writeLink({ config: { ...DEFAULTS, text: { own } } })).rejects.toMatchObject({
      code: 'LINK_TOO_LONG',
    });
  });
});

describe('a run that cannot be written', () => {
  it.each([
    [
      'a task that there is none of',
      { config: { ...DEFAULTS, task: 'juggling' as 'language' } },
      'task is "juggling", expected one of',
    ],
    ['a value out of range', { config: { ...DEFAULTS, hiddenSize: 0 } }, 'hidden is 0'],
    ['half a surrogate pair', { config: { ...DEFAULTS, text: { own: 'a\ud800b' } } }, 'half a surrogate pair'],
    ['a value that no run has', { config: { ...DEFAULTS, hiden: 3 } }, 'a run has no value called "hiden"'],
    ['an extra key that has a meaning', { config: DEFAULTS, extra: new Map([['hidden', '3']]) }, 'cannot carry'],
    ['an extra key that is none', { config: DEFAULTS, extra: new Map([['A', '3']]) }, 'cannot carry'],
    ['an extra value that would be two', { config: DEFAULTS, extra: new Map([['a', '1&b=2']]) }, 'cannot carry'],
    [
      'a fingerprint of another length',
      { config: DEFAULTS, claim: { generation: 1, step: 0, fingerprint: 'ab' } },
      'hexadecimal',
    ],
  ])('because of %s', async (_, link, says) => {
    await expect(writeLink(link)).rejects.toThrow(says);
    await expect(writeLink(link)).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});

describe('a sealed link of a later Unroll', () => {
  it('keeps the keys that this one does not know', async () => {
    const opened = await readLink(sealed('cell=gru&title=Lesson%203'));
    expect(opened.config.cell).toBe('gru');
    expect(await writeLink(opened)).toBe(sealed('cell=gru&title=Lesson%203'));
  });

  it('is refused when it has characters that no link has', async () => {
    expect((await refusal(sealed('title=<b>'))).message).toContain('U+003C at position 6');
  });
});
