import { availableParallelism } from 'node:os';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { inRoot } from '../../../web/build/paths.mjs';
import { addressOf, serve } from '../../../web/build/serve.mjs';
import { launchOptions } from './launch.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the built site. */
    readonly site: string;
    /** A browser for each file that may run at the same time: what is copied in one is not pasted in another. */
    readonly browsers: readonly string[];
  }
}

/** Serves the site and starts the browsers once for all files: a browser takes as long to start as a test to run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await serve(inRoot('dist'), 0);
  const browsers = await Promise.all(
    Array.from({ length: availableParallelism() }, () => chromium.launchServer(launchOptions())),
  );
  project.provide('site', addressOf(server));
  project.provide(
    'browsers',
    browsers.map((browser) => browser.wsEndpoint()),
  );
  return async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    server.close();
  };
}
