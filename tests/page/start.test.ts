import { expect, test } from 'vitest';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

// The novel has characters beyond ASCII.
test.each(['names', 'moby-dick'])('the first steps on %s need the main part of the engine alone', async (text) => {
  const { page, complaints, address, requests } = await visit({ fragment: 'does-not-exist' });
  // The line breaks down behind the main part.
  await page.route('**/unroll.deferred*.wasm', (route) => route.abort());
  await page.goto(`${address}#v=1&${SMALL.replace('names', text)}`);
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  expect(await instrument.fingerprint()).toMatch(/^[0-9a-f]{16}$/);

  expect(requests.filter((url) => /unroll-[^/]*\.wasm$/.test(url))).toHaveLength(1);
  expect(requests.some((url) => /unroll\.deferred[^/]*\.wasm$/.test(url))).toBe(true);
  // The browser says in its console that files were not found.
  for (const complaint of complaints.splice(0)) expect(complaint).toMatch(/404|ERR_FAILED/);
});
