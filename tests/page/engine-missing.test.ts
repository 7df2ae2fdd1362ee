import { test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

// Without a compiler V8 has no WebAssembly either.
const visitWithoutWasm = useSite(['--js-flags=--jitless']);
const visit = useSite();

test('a browser without WebAssembly is told so, and what would help', async () => {
  const { page } = await visitWithoutWasm();
  const problem = new Instrument(page).problem('.transport');
  await eventually(() => problem.innerText()).toMatch(/cannot run WebAssembly with SIMD.*Chrome/);
});

test('an engine that cannot be fetched is a sentence, and a second try may succeed', async () => {
  const { page } = await visit({
    link: SMALL,
    before: (tab) => tab.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' })),
    expected: /404/, // the browser itself says so in its console
  });
  const instrument = new Instrument(page);
  const problem = instrument.problem('.transport');
  await eventually(() => problem.innerText()).toMatch(/engine could not be loaded/i);

  await page.unroute('**/*.wasm');
  await instrument.press('Try again');
  await instrument.ready();
  await problem.waitFor({ state: 'detached' });
});
