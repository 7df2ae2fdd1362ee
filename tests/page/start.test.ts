import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

// The novel has characters beyond ASCII.
test.each(['names', 'moby-dick'])('the first steps on %s need the main part of the engine alone', async (text) => {
  const { page, requests } = await visit({
    link: SMALL.replace('names', text),
    // The line breaks down behind the main part.
    before: (tab) => tab.route('**/unroll.deferred*.wasm', (route) => route.abort()),
    expected: /ERR_FAILED/, // the browser says in its console that a file was not found
  });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  await eventually(() => instrument.fingerprint()).toMatch(/^[0-9a-f]{16}$/);

  await eventually(() => requests.some((url) => /unroll\.deferred[^/]*\.wasm$/.test(url))).toBe(true);
  expect(requests.filter((url) => /unroll-[^/]*\.wasm$/.test(url))).toHaveLength(1);
});
