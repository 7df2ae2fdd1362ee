import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkError, readLink, writeLink } from '../../web/links/index.js';
import type { LinkErrorCode, OpenedLink } from '../../web/links/index.js';
import { EXAMPLES } from './examples.js';

const links = await Promise.all(EXAMPLES.map(writeLink));

/** What reading gives: the link, or the refusal's code. Any other error fails the test. */
async function outcome(link: string): Promise<OpenedLink | LinkErrorCode> {
  try {
    return await readLink(link);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    expect(error.message).toMatch(/^\S.{15,}\S$/s);
    return error.code;
  }
}

/** Everything a reader would see, without the notes. */
function meaning(opened: OpenedLink): unknown {
  return { config: opened.config, claim: opened.claim, extra: [...opened.extra] };
}

describe.each(links.map((link, index) => ({ link, index })))('damage to link $index', ({ link }) => {
  it('never opens a part of it', async () => {
    for (let length = 0; length < link.length; length++) {
      const result = await outcome(link.slice(0, length));
      const expected = length < '#v'.length ? ['LINK_DAMAGED', 'LINK_TRUNCATED'] : ['LINK_TRUNCATED'];
      expect(expected, link.slice(0, length)).toContain(result);
    }
  });

  it('never opens it as something else when one character is exchanged', async () => {
    const whole = meaning(await readLink(link));
    const alphabet = '09afzAZ-_.,%&=#k ✂';
    for (let at = 0; at < link.length; at++) {
      for (const character of alphabet) {
        if (character === link[at]) continue;
        const result = await outcome(link.slice(0, at) + character + link.slice(at + 1));
        if (typeof result !== 'string') expect(meaning(result)).toEqual(whole);
      }
    }
  });

  it('never opens it as something else when a character is lost or added inside', async () => {
    const whole = meaning(await readLink(link));
    for (let at = 0; at < link.length; at++) {
      for (const changed of [link.slice(0, at) + link.slice(at + 1), `${link.slice(0, at)}a${link.slice(at)}`]) {
        const result = await outcome(changed);
        if (typeof result !== 'string') expect(meaning(result)).toEqual(whole);
      }
    }
  });

  it.each([')', '.', ',', '>', '"', '…', ' and more', '&utm_source=chat', '#v=1'])(
    'opens it with %s at its end',
    async (junk) => {
      const opened = await readLink(`${link}${junk}`);
      expect(meaning(opened)).toEqual(meaning(await readLink(link)));
      expect(opened.notes).toEqual([expect.stringContaining('did not belong to it')]);
    },
  );
});

describe('anything else', () => {
  it('is refused as no link, whatever it is', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `#v=1&${text}`),
      fc.stringMatching(/^#v=1&k=\d{1,3}\.[0-9a-f]{8}&[a-z0-9%&=.,-]{0,60}$/),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        expect(await outcome(text)).toMatch(/^(LINK_(DAMAGED|TRUNCATED|NEWER)|INVALID_CONFIG)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
