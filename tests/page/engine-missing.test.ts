import { expect, test } from 'vitest';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

// Without a compiler V8 has no WebAssembly either.
const visitWithoutWasm = useSite(['--js-flags=--jitless']);
const visit = useSite();

test('a browser without WebAssembly is told so, and what would help', async () => {
  const { page } = await visitWithoutWasm();
  const problem = new Instrument(page).problem('.transport');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/cannot run WebAssembly with SIMD.*Chrome/);
});

test('an engine that cannot be fetched is a sentence, and a second try may succeed', async () => {
  const { page, complaints, address } = await visit({ fragment: 'does-not-exist' });
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto(`${address}#v=1&${SMALL}`);
  const instrument = new Instrument(page);
  const problem = instrument.problem('.transport');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/engine could not be loaded/i);

  await page.unroute('**/*.wasm');
  await instrument.press('Try again');
  await instrument.ready();
  expect(await problem.count()).toBe(0);
  // The browser itself says in its console that a file was not found.
  expect(complaints.splice(0).length).toBeGreaterThan(0);
});
