import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { PATIENCE_MS } from './eventually.js';
import { launchOptions } from './launch.js';

/** A link for runs that are over in a second or two. */
export const SMALL = 'text=names&hidden=32&batch=16&seq=24&steps=300&eval-every=100&sample-every=100&sample-length=60';

/** A page of the built site in real Chromium, and what it did behind the scenes. */
export interface Visit {
  readonly page: Page;
  readonly address: string;
  /** Errors in the console, uncaught errors and refused requests, in words. None but the expected are allowed. */
  readonly complaints: string[];
  /** Every address that was asked for, in order, also by workers. */
  readonly requests: string[];
}

export interface VisitOptions extends BrowserContextOptions {
  /** What stands behind `#v=1&`; the page opens without a link when it is left out. */
  readonly link?: string;
  /** A whole fragment, for links that are not as they should be. */
  readonly fragment?: string;
  /** Another page of the site than the first. */
  readonly path?: string;
  /** Makes the page ready before anything is loaded: routes, for example. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Complaints that belong to what is tested; there may be any number of them. */
  readonly expected?: RegExp | undefined;
}

interface Watched extends Visit {
  readonly expected: RegExp | undefined;
}

/** Opens pages in the browser of all files, or in one with flags of its own; nothing may go wrong unseen. */
export function useSite(flags: readonly string[] = []): (options?: VisitOptions) => Promise<Visit> {
  const address = inject('site');
  let browser: Browser;
  let visits: Watched[] = [];

  beforeAll(async () => {
    const browsers = inject('browsers');
    const mine = browsers[Number(process.env.VITEST_POOL_ID) % browsers.length]!;
    browser = await (flags.length === 0 ? chromium.connect(mine) : chromium.launch(launchOptions(flags)));
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    const own = new URL(address).origin;
    const done = visits;
    visits = [];
    for (const { page } of done) await page.context().close();
    for (const { complaints, requests, expected } of done) {
      expect(complaints.filter((complaint) => expected?.test(complaint) !== true)).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${own}/`) && !url.startsWith(`blob:${own}/`))).toEqual([]);
    }
  });

  return async ({ link, fragment, path = '', before, expected, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const visit: Watched = { page, address, complaints: [], requests: [], expected };
    visits.push(visit);
    watch(visit);
    await before?.(page);
    await page.goto(address + path + (fragment ?? (link === undefined ? '' : `#v=1&${link}`)));
    return visit;
  };
}

function watch({ page, complaints, requests }: Visit): void {
  const context = page.context();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => requests.push(request.url()));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // A reload gives up what is still on its way.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${reason}: ${request.url()}`);
  });
}
