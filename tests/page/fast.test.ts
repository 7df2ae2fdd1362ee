import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD, withReplaced } from '../package/wasm-instructions.js';
import { violations } from './support/accessibility.js';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { rewrite } from './support/rewrite.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

const isFast = (url: string): boolean => /\/unroll-fast-[^/]*\.wasm$/.test(url);
const theSwitch = (page: Page) => page.getByRole('checkbox', { name: 'Fast arithmetic' });
const outcome = (page: Page) => page.locator('.fast-outcome');

/** Trains to the end and tells the losses that the page shows, and its last word. */
async function train(page: Page): Promise<{ valLoss: number; note: string }> {
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  return { valLoss: await instrument.valLoss(), note: await instrument.note() };
}

test('a page that is not asked to be fast never loads the fast module', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const { note } = await train(page);
  expect(note).toContain('Computed strictly');
  expect(requests.filter(isFast)).toEqual([]);
  const said = await outcome(page).innerText();
  expect(said).toBe('');
});

test('a link that asks for it is trained by the fast build, close to where strict arrives', async () => {
  const strict = await train((await visit({ link: SMALL })).page);
  const { page, requests } = await visit({ link: `${SMALL}&fast=1` });
  const fast = await train(page);
  await eventually(() => requests.filter(isFast)).toHaveLength(1);
  await eventually(() => theSwitch(page).isChecked()).toBe(true);
  await eventually(() => outcome(page).innerText()).toContain('In use');
  expect(fast.note).toContain('Computed fast: elsewhere the last bits may differ.');
  expect(Math.abs(fast.valLoss - strict.valLoss)).toBeLessThan(0.01);
});

test('the switch is reached by keyboard, goes into the address, and waits for the reader once there is training', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.field('Seed').focus();
  await page.keyboard.press('Tab');
  await eventually(() => theSwitch(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Space');
  await instrument.fragment('fast=1');
  await outcome(page).getByText('In use').waitFor();
  await eventually(() => requests.filter(isFast)).toHaveLength(1);

  await train(page);
  await theSwitch(page).uncheck();
  const pending = page.getByRole('group', { name: 'Settings changed' });
  await eventually(() => pending.innerText()).toContain('You changed the arithmetic');
  await pending.getByRole('button', { name: 'Start over with the change' }).click();
  const { note } = await train(page);
  expect(note).toContain('Computed strictly');
  // The address follows when the controls rest, and this run may be over before.
  await eventually(() => instrument.address()).not.toContain('fast');
});

test('what a link promised of a strict run is not held against a fast one, and Copy link promises nothing', async () => {
  const { page } = await visit({ link: `${SMALL}&fast=1&e=1.300.0123456789abcdef` });
  const { note } = await train(page);
  expect(note).toContain('a fingerprint of strict arithmetic, so the two cannot be compared');
  const copy = page.getByRole('button', { name: 'Copy link' });
  await eventually(() => copy.getAttribute('aria-description')).toContain('not bit for bit');

  const promised = await visit({ link: `${SMALL}&e=1.300.0123456789abcdef` });
  const instrument = new Instrument(promised.page);
  await instrument.ready();
  await theSwitch(promised.page).check();
  const fragment = await instrument.fragment('fast=1');
  expect(fragment).not.toContain('e=1.');
});

test('a fast module that computes something else is found out, and the run is strict to the bit', async () => {
  const strict = await train((await visit({ link: SMALL })).page);
  const bytes = readFileSync(inRoot('build/lib/engine/wasm/unroll-fast.wasm'));
  const body = Buffer.from(withReplaced(bytes, F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD));
  const { page } = await visit({
    link: `${SMALL}&fast=1`,
    before: (tab) => tab.route(isFastUrl, (route) => route.fulfill({ body, contentType: 'application/wasm' })),
  });
  const found = await train(page);
  await eventually(() => outcome(page).innerText()).toContain('this browser computed something else');
  expect(found.note).toBe(strict.note);
});

test('a fast module that cannot be fetched leaves a strict run and a sentence', async () => {
  const { page } = await visit({
    link: `${SMALL}&fast=1`,
    before: (tab) => tab.route(isFastUrl, (route) => route.fulfill({ status: 404, body: 'gone' })),
    expected: /404/, // the browser itself may say so in its console
  });
  const { note } = await train(page);
  await eventually(() => outcome(page).innerText()).toContain('could not be loaded');
  expect(note).toContain('Computed strictly');
});

test('a browser without relaxed SIMD says so', async () => {
  const blind = 'const { validate } = WebAssembly; WebAssembly.validate = (b) => b.byteLength > 100 && validate(b);';
  const { page } = await visit({
    link: `${SMALL}&fast=1`,
    before: (tab) =>
      rewrite(tab, /training-worker-[^/]*\.js$/, async (response) => ({
        body: `${blind}\n${await response.text()}`,
      })),
  });
  const { note } = await train(page);
  await eventually(() => outcome(page).innerText()).toContain('This browser has no instructions for it');
  expect(note).toContain('Computed strictly');
});

test.each(['light', 'dark'] as const)('no accessibility violation with the switch on, in %s', async (colorScheme) => {
  const { page } = await visit({ link: `${SMALL}&fast=1`, colorScheme });
  await train(page);
  await eventually(() => outcome(page).innerText()).not.toBe('');
  const found = await violations(page);
  expect(found).toEqual([]);
});

const isFastUrl = (url: URL): boolean => isFast(url.href);
