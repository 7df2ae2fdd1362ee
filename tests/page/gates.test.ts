import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

const strip = (page: Instrument['page']) => page.getByRole('slider', { name: 'The reading' });
const at = (page: Instrument['page']) => page.locator('.gates-at').innerText();

test('the gates are drawn when they are opened, follow the keys and the pointer, and are part of the link', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.getByRole('button', { name: 'Gates' }).waitFor();
  expect(requests.filter((url) => /\/gates-/.test(url))).toEqual([]);
  await instrument.press('Gates');
  await eventually(() => at(page)).toMatch(/^Hidden state h of unit 1 after .+: [-−]?\d\.\d{3}$/);

  await instrument.choose('Forget gate f');
  await eventually(() => at(page)).toMatch(/^Forget gate f of unit 1 /);
  await strip(page).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  await eventually(() => strip(page).getAttribute('aria-valuenow')).toBe('3');
  await eventually(() => at(page)).toMatch(/ of unit 2 /);
  await instrument.fragment('show=gates.2.0.1.f');

  const map = page.getByRole('img', { name: /a row for each of 32 units/ });
  const { width, height } = (await map.boundingBox())!;
  await map.hover({ position: { x: (10.5 * width) / 100, y: (6.5 * height) / 32 } });
  await eventually(() => at(page)).toMatch(/ of unit 7 /);
  await page.mouse.move(0, 0);
  await eventually(() => at(page)).toMatch(/ of unit 2 /);

  await page.reload();
  await instrument.ready();
  await eventually(() => at(page)).toMatch(/^Forget gate f of unit 2 /);
  await eventually(() => strip(page).getAttribute('aria-valuenow')).toBe('3');
  await instrument.press('Gates');
  await strip(page).waitFor({ state: 'detached' });
});

test('the gates follow the training', async () => {
  const { page } = await visit({ link: `${SMALL}&show=gates.0.0.0.f` });
  const instrument = new Instrument(page);
  await instrument.ready();
  await eventually(() => page.locator('.gates-controls').innerText()).toMatch(/step 0/);
  await instrument.press('Train');
  await instrument.finished();
  await eventually(() => page.locator('.gates-controls').innerText()).toMatch(/step 300/);
});

test.each([
  ['the lens itself', /\/gates-[^/]*\.js$/],
  ['the part of the engine that it asks', /deferred[^/]*\.wasm$/],
])('when %s cannot be had, it says so, and the network trains all the same', async (_, part) => {
  const { page } = await visit({
    link: SMALL,
    before: (tab) => tab.route(part, (route) => route.fulfill({ status: 404, body: 'gone' })),
    expected: /404/,
  });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Gates');
  await page.locator('.lenses', { hasText: 'could not be loaded' }).waitFor();
  await instrument.press('One step');
  await instrument.reachStep(1);
});
