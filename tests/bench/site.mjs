import { chromium } from 'playwright-core';

import { inRoot } from '../../web/build/paths.mjs';
import { addressOf, serve } from '../../web/build/serve.mjs';
import { findChromium } from '../../web/build/system.mjs';

// As root there is no sandbox; the rest keeps the browser from doing anything of its own meanwhile.
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const launch = () => chromium.launch({ executablePath: findChromium(), args: flags });

/** The built page on a server of its own, and browsers to visit it with. */
export async function openSite() {
  const server = await serve(inRoot('dist'), 0);
  return {
    address: addressOf(server),
    async version() {
      const browser = await launch();
      const version = browser.version();
      await browser.close();
      return version;
    },
    /** Lets `visit` have a page of a browser that has never been anywhere. */
    async withPage(visit) {
      const browser = await launch();
      try {
        const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
        return await visit(page);
      } finally {
        await browser.close();
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
