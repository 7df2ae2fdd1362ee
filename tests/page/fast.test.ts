import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD, withReplaced } from '../package/wasm-instructions.js';
import { Instrument, eventually } from './support/instrument.js';
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
  return { valLoss: await instrument.valLoss(), note: await page.locator('.transport-note').innerText() };
}

test('a page that is not asked to be fast never loads the fast module', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const { note } = await train(page);
  expect(note).toContain('Computed strictly');
  expect(requests.filter(isFast)).toEqual([]);
  expect(await outcome(page).innerText()).toBe('');
});

test('a link that asks for it is trained by the fast build, close to where strict arrives', async () => {
  const strict = await train((await visit({ link: SMALL })).page);
  const { page, requests } = await visit({ link: `${SMALL}&fast=1` });
  const fast = await train(page);
  expect(requests.filter(isFast)).toHaveLength(1);
  expect(await theSwitch(page).isChecked()).toBe(true);
  expect(await outcome(page).innerText()).toContain('In use');
  expect(fast.note).toContain('Computed fast: elsewhere the last bits may differ.');
  expect(Math.abs(fast.valLoss - strict.valLoss)).toBeLessThan(0.01);
});

test('the switch is reached by keyboard, goes into the address, and waits for the reader once there is training', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.field('Seed').focus();
  await page.keyboard.press('Tab');
  expect(await theSwitch(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Space');
  await instrument.fragment('fast=1');
  await outcome(page).getByText('In use').waitFor();
  expect(requests.filter(isFast)).toHaveLength(1);

  await train(page);
  await theSwitch(page).uncheck();
  const pending = page.getByRole('group', { name: 'Settings changed' });
  expect(await pending.innerText()).toContain('You changed the arithmetic');
  await pending.getByRole('button', { name: 'Start over with the change' }).click();
  const { note } = await train(page);
  expect(note).toContain('Computed strictly');
  // The address follows when the controls rest, and this run may be over before.
  await eventually(
    async () => new URL(page.url()).hash,
    (hash) => expect(hash).not.toContain('fast'),
  );
});

test('what a link promised of a strict run is not held against a fast one, and Copy link promises nothing', async () => {
  const { page } = await visit({ link: `${SMALL}&fast=1&e=1.300.0123456789abcdef` });
  const { note } = await train(page);
  expect(note).toContain('a fingerprint of strict arithmetic, so the two cannot be compared');
  const copy = page.getByRole('button', { name: 'Copy link' });
  expect(await copy.getAttribute('aria-description')).toContain('not bit for bit');

  const promised = await visit({ link: `${SMALL}&e=1.300.0123456789abcdef` });
  await new Instrument(promised.page).ready();
  await theSwitch(promised.page).check();
  await new Instrument(promised.page).fragment('fast=1');
  expect(new URL(promised.page.url()).hash).not.toContain('e=1.');
});

test('a fast module that computes something else is found out, and the run is strict to the bit', async () => {
  const strict = await train((await visit({ link: SMALL })).page);
  const { page, address } = await visit({ fragment: '' });
  const bytes = readFileSync(inRoot('build/lib/engine/wasm/unroll-fast.wasm'));
  const body = Buffer.from(withReplaced(bytes, F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD));
  await page.route(isFastUrl, (route) => route.fulfill({ body, contentType: 'application/wasm' }));
  await page.goto(`${address}?again#v=1&${SMALL}&fast=1`);
  const found = await train(page);
  expect(await outcome(page).innerText()).toContain('this browser computed something else');
  expect(found.note).toBe(strict.note);
});

test('a fast module that cannot be fetched leaves a strict run and a sentence', async () => {
  const { page, address, complaints } = await visit({ fragment: '' });
  await page.route(isFastUrl, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto(`${address}?again#v=1&${SMALL}&fast=1`);
  const { note } = await train(page);
  expect(await outcome(page).innerText()).toContain('could not be loaded');
  expect(note).toContain('Computed strictly');
  // The browser itself may say in its console that a file was not found.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('404'))).toEqual([]);
});

test('a browser without relaxed SIMD says so', async () => {
  const { page, address } = await visit({ fragment: '' });
  await page.route(/training-worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const blind = 'const { validate } = WebAssembly; WebAssembly.validate = (b) => b.byteLength > 100 && validate(b);';
    await route.fulfill({ response, body: `${blind}\n${await response.text()}` });
  });
  await page.goto(`${address}?again#v=1&${SMALL}&fast=1`);
  const { note } = await train(page);
  expect(await outcome(page).innerText()).toContain('This browser has no instructions for it');
  expect(note).toContain('Computed strictly');
});

test.each(['light', 'dark'] as const)('no accessibility violation with the switch on, in %s', async (colorScheme) => {
  const { page } = await visit({ link: `${SMALL}&fast=1`, colorScheme });
  await train(page);
  await eventually(
    () => outcome(page).innerText(),
    (text) => expect(text).not.toBe(''),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
});

const isFastUrl = (url: URL): boolean => isFast(url.href);
