import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { Instrument } from './support/instrument.js';
import { rewrite } from './support/rewrite.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

/** What the page says to each of these: the name of the error, or that nothing happened. */
const attempts = (): Record<string, string> => {
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes: { createPolicy(name: string, rules: object): unknown };
  };
  const tries: Record<string, () => unknown> = {
    'a worker': () => new Worker('assets/other.js'),
    'a shared worker': () => new SharedWorker('assets/other.js'),
    'a script': () => (document.createElement('script').src = 'assets/other.js'),
    markup: () => (document.body.innerHTML = '<b>x</b>'),
    'a handler': () => document.body.setAttribute('onclick', 'x'),
    'the same policy again': () => trustedTypes.createPolicy('unroll', { createScriptURL: (url: string) => url }),
    'another policy': () => trustedTypes.createPolicy('other', {}),
  };
  return Object.fromEntries(
    Object.entries(tries).map(([name, attempt]) => {
      try {
        attempt();
        return [name, 'nothing'];
      } catch (error) {
        return [name, (error as Error).name];
      }
    }),
  );
};

async function trains(page: Page): Promise<void> {
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
}

test('the page trains with Trusted Types, also in two workers, and takes no text for a script', async () => {
  // The browser says in its console what it has refused.
  const { page } = await visit({ link: `${SMALL}&workers=2`, expected: /requires .Trusted|[Pp]olicy/ });
  await trains(page);
  const answers = await page.evaluate(attempts);
  expect(Object.keys(answers)).toHaveLength(7);
  expect(Object.values(answers)).toEqual(Array(7).fill('TypeError'));
});

test('a server may send the policy with every file, those of the workers included', async () => {
  const header = {
    'content-security-policy':
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; connect-src 'self'; " +
      "img-src data:; require-trusted-types-for 'script'; trusted-types unroll",
  };
  const { page } = await visit({
    link: `${SMALL}&workers=2`,
    before: (tab) => rewrite(tab.context(), '**/*', (response) => ({ headers: { ...response.headers(), ...header } })),
  });
  await trains(page);
});

test('a browser that does not know Trusted Types starts the same workers', async () => {
  const { page } = await visit({
    link: `${SMALL}&workers=2`,
    before: async (tab) => {
      await tab.addInitScript(() => Object.defineProperty(globalThis, 'trustedTypes', { value: undefined }));
      await rewrite(
        tab,
        ({ pathname }) => pathname === '/',
        async (response) => ({ body: (await response.text()).replace(/; require-trusted-types-for [^"]*/, '') }),
      );
    },
  });
  await trains(page);
});

test('no page of the site has a script in it', () => {
  const pages = readdirSync(inRoot('dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.html'),
  );
  expect(pages.length).toBeGreaterThan(100);
  const inline = pages.filter((name) => {
    const html = readFileSync(inRoot('dist', name), 'utf8');
    const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
    return (
      /<script\b(?![^>]*\bsrc=)/i.test(html) ||
      /<script\b[^>]*>[^<]/i.test(html) ||
      tags.some((tag) => /\son[a-z]+\s*=/i.test(tag.replaceAll(/"[^"]*"/g, '""'))) ||
      /href="\s*javascript:/i.test(html)
    );
  });
  expect(inline).toEqual([]);
});
