import { buffer } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

/** Presses Write and waits for both texts: the likeliest characters, and the sampled ones. */
async function write(page: Page): Promise<[string, string]> {
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.locator('.outputs[aria-busy=false] .output-by', { hasText: /^by / }).first().waitFor();
  const [likeliest, sampled] = await page.locator('.output-text .writing-text').allInnerTexts();
  return [likeliest!, sampled!];
}

const beginning = (page: Page) => page.getByRole('textbox', { name: 'Beginning' });

test('the same prompt is continued twice, by certainty and by dice, and again the same', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await beginning(page).fill('Mar');
  await instrument.press('Train');
  await instrument.finished();

  const [likeliest, sampled] = await write(page);
  expect(likeliest).toMatch(/^Mar/);
  expect([...likeliest]).toHaveLength(3 + 60);
  expect(sampled).toMatch(/^Mar/);
  expect(sampled).not.toBe(likeliest);
  const again = await write(page);
  expect(again).toEqual([likeliest, sampled]);

  await instrument.field('Sampling seed').fill('2');
  const [sameLikeliest, otherSampled] = await write(page);
  expect(sameLikeliest).toBe(likeliest);
  expect(otherSampled).not.toBe(sampled);
});

test('it writes in the middle of training, and training goes on to the same weights', async () => {
  const link = SMALL.replace('steps=300', 'steps=1500');
  const quiet = new Instrument((await visit({ link })).page);
  await quiet.ready();
  await quiet.press('Train');
  await quiet.finished();

  const { page } = await visit({ link });
  const talking = new Instrument(page);
  await talking.ready();
  await talking.press('Train');
  await talking.reachStep(10);
  const [likeliest] = await write(page);
  expect(likeliest.length).toBeGreaterThan(0);
  await talking.finished();
  await eventually(() => talking.fingerprint()).toBe(await quiet.fingerprint());
});

test('a beginning with characters that the text does not have is refused by naming them', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('One step');
  await instrument.reachStep(1);
  await beginning(page).fill('Zoë 7');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const problem = instrument.problem('.writing');
  await eventually(() => problem.innerText()).toMatch(/U\+00EB/);
});

test('a saved model comes back as a file and writes the same', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const here = await write(page);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the model' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('unroll-names-lstm-32-step-300.safetensors');
  const bytes = await buffer(await saved.createReadStream());

  const other = await visit({ link: 'text=sums&hidden=8' });
  await new Instrument(other.page).ready();
  const input = other.page.locator('.keep input[type=file]');
  await input.setInputFiles({ name: 'names.safetensors', mimeType: '', buffer: bytes });
  await other.page.locator('.keep-opened', { hasText: 'LSTM, 1 layer of 32 units' }).waitFor();
  await new Instrument(other.page).field('Length').fill('60');
  const there = await write(other.page);
  expect(there).toEqual(here);
  await eventually(() => other.page.locator('.output-by').first().innerText()).toBe('by names.safetensors');
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 10)],
  ['not a model', () => Buffer.from('Call me Ishmael.')],
  ['empty', () => Buffer.alloc(0)],
])('a model file that is %s is refused in a sentence, and the one before stays', async (_, damage) => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the model' }).click();
  const good = await buffer(await (await download).createReadStream());
  const input = page.locator('.keep input[type=file]');
  await input.setInputFiles({ name: 'good.safetensors', mimeType: '', buffer: good });
  const opened = page.locator('.keep-opened', { hasText: 'good.safetensors' });
  await opened.waitFor();

  await input.setInputFiles({ name: 'bad.safetensors', mimeType: '', buffer: damage(good) });
  await eventually(() => instrument.problem('.keep').innerText()).toMatch(/.{20}/);
  const stillThere = await opened.isVisible();
  expect(stillThere).toBe(true);
});

test('a foreign character in the beginning is told at once, beside where it was typed, and can be taken back', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await beginning(page).fill('Zoë');
  const problem = instrument.problem('.writing-controls');
  await eventually(() => problem.innerText()).toMatch(/U\+00EB/);
  await eventually(() => beginning(page).getAttribute('aria-invalid')).toBe('true');
  await beginning(page).fill('Zo');
  await problem.waitFor({ state: 'detached' });
  await page.locator('.sample .prompt-part', { hasText: 'Zo' }).waitFor();
});
