import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { useSite } from './support/site.js';

const visit = useSite();

test('a first visit shows a text, a network, a Train key and what chance writes', async () => {
  const { page } = await visit();
  const instrument = new Instrument(page);
  await instrument.ready();

  await eventually(() => page.getByRole('heading', { level: 1 }).innerText()).toContain('network');
  await eventually(() => page.locator('.excerpt').innerText()).toContain('Call me Ishmael');
  await page.locator('.panel').getByText('118,481 parameters').waitFor();
  const sample = await instrument.sample();
  expect(sample.length).toBeGreaterThan(150);
  await eventually(() => instrument.history()).toEqual(['untrained']);
});

test('the time it will take stands there before training, measured on this machine', async () => {
  const { page } = await visit();
  await page.locator('.transport-note', { hasText: /^Trains in .* on this machine, measured just now/ }).waitFor();
  await eventually(() => new Instrument(page).charactersPerSecond()).toBeGreaterThan(100);
});

test('after loading, the page asks for nothing until another bundled text is chosen, and for that only once', async () => {
  const { page, requests } = await visit();
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.locator('.chart-canvas canvas').waitFor();
  await eventually(() => requests.some((url) => url.includes('unroll.deferred'))).toBe(true);
  const afterLoading = requests.length;

  await instrument.press('One step');
  await instrument.reachStep(1);
  await instrument.press('Rewind');
  await instrument.ready();
  expect(requests.slice(afterLoading)).toEqual([]);

  await instrument.choose('First names');
  await page.locator('.excerpt', { hasText: 'Analiese' }).waitFor();
  await instrument.choose('Sums');
  await page.locator('.excerpt', { hasText: '=' }).waitFor();
  await instrument.choose('First names');
  await page.locator('.excerpt', { hasText: 'Analiese' }).waitFor();
  const later = () => requests.slice(afterLoading).map((url) => url.replace(/^.*\/|-[^/]*(?=\.)/g, ''));
  // Sums are computed, by a script that is loaded with the first text of that kind.
  await eventually(later).toEqual(['names.txt', 'generators.js']);
});

test('the parameter count on the page is the sum that its explanation shows', async () => {
  const { page } = await visit({ link: 'text=names&cell=gru&hidden=20&layers=3&embedding=7' });
  await page.locator('.panel .explain', { hasText: 'parameters' }).click();
  const explained = page.locator('.explain-box:popover-open td:last-child');
  await eventually(() => explained.count()).toBe(5);
  const cells = await explained.allInnerTexts();
  const numbers = cells.map((cell) => Number(cell.replaceAll(',', '')));
  const total = numbers.pop();
  expect(numbers.reduce((sum, count) => sum + count, 0)).toBe(total);
});
