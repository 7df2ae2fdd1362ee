import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULTS, readLink } from '../../web/links/index.js';
import type { ResultClaim, RunConfig } from '../../web/links/index.js';

/**
 * Every form of link that was ever published. What stands in this file is in mails and lecture notes, so lines are only
 * ever added; each must open for ever as the run beside it.
 */
interface Golden {
  readonly defaults: RunConfig;
  readonly links: readonly {
    readonly link: string;
    readonly config: Partial<RunConfig>;
    readonly claim?: ResultClaim;
    readonly extra?: Readonly<Record<string, string>>;
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/links.json', import.meta.url), 'utf8'));

describe('published links', () => {
  it.each(golden.links)('open for ever: $link', async ({ link, config, claim = null, extra = {} }) => {
    const opened = await readLink(link);
    expect(opened.config).toEqual({ ...golden.defaults, ...config });
    expect(opened.claim).toEqual(claim);
    expect(Object.fromEntries(opened.extra)).toEqual(extra);
  });

  it('mean the published defaults where they say nothing', () => {
    expect(DEFAULTS).toEqual(golden.defaults);
  });
});
