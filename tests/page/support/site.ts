import type { Server } from 'node:http';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { inRoot } from '../../../web/build/paths.mjs';
import { addressOf, serve } from '../../../web/build/serve.mjs';
import { findChromium } from '../../../web/build/system.mjs';

/** A link for runs that are over in a second or two. */
export const SMALL = 'text=names&hidden=32&batch=16&seq=24&steps=300&eval-every=100&sample-every=100&sample-length=60';

/** A page of the built site in real Chromium, and what it did behind the scenes. */
export interface Visit {
  readonly page: Page;
  readonly address: string;
  /** Errors in the console, uncaught errors and refused requests, in words. None is expected. */
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
}

/** Serves the site and starts a browser for the tests of a file; after each test nothing may have gone wrong unseen. */
export function useSite(flags: readonly string[] = []): (options?: VisitOptions) => Promise<Visit> {
  let server: Server;
  let browser: Browser;
  let visits: Visit[] = [];

  beforeAll(async () => {
    server = await serve(inRoot('dist'), 0);
    browser = await chromium.launch({
      executablePath: findChromium()!,
      // As root there is no sandbox; the rest keeps the browser from calling home.
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        ...flags,
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  afterEach(async () => {
    const own = new URL(addressOf(server)).origin;
    const done = visits;
    visits = [];
    for (const { page } of done) await page.context().close();
    for (const { complaints, requests } of done) {
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${own}/`) && !url.startsWith(`blob:${own}/`))).toEqual([]);
    }
  });

  return async ({ link, fragment, path = '', ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const visit: Visit = { page, address: addressOf(server), complaints: [], requests: [] };
    visits.push(visit);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') visit.complaints.push(message.text());
    });
    page.on('pageerror', (error) => visit.complaints.push(error.message));
    context.on('request', (request) => visit.requests.push(request.url()));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // A reload gives up what is still on its way.
      if (reason !== 'net::ERR_ABORTED') visit.complaints.push(`${reason}: ${request.url()}`);
    });
    await page.goto(visit.address + path + (fragment ?? (link === undefined ? '' : `#v=1&${link}`)));
    return visit;
  };
}
