import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './support/accessibility.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

/** Elements that reach out of the window to the right, in words. What is clipped by its own box does not count. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clipped = (element: Element): boolean => element.closest('.visually-hidden') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .filter((element) => !clipped(element))
      .map((element) => `${element.tagName} ${element.className}`);
  });
}

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(12);

test.each([1440, 1024, 768, 390, 320])(
  'at %i pixels nothing sticks out and nothing scrolls sideways',
  async (width) => {
    const { page } = await visit({ link: SMALL, viewport: { width, height: 844 } });
    const instrument = new Instrument(page);
    await instrument.ready();
    await instrument.press('Train');
    await instrument.finished();
    await page.locator('.baseline-label').first().waitFor();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.locator('.outputs[aria-busy=false] .output-by', { hasText: /^by / }).first().waitFor();
    await instrument.choose('GRU');
    await page.getByText('More settings').click();
    await page.getByRole('textbox', { name: 'Beginning' }).fill(LONG);
    await page.locator('.pending').waitFor();
    const outside = await sticksOut(page);
    expect(outside).toEqual([]);
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrollWidth).toBeLessThanOrEqual(width);
  },
);

test('the curve and the samples move nothing: training changes no place and no size', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.locator('.baseline-label').first().waitFor();
  const places = () =>
    page.evaluate(() =>
      ['.sample', '.keys', '.readouts', '.progress', '.chart-frame', '.settings', '.history'].map((name) => {
        const { left, top, width } = document.querySelector(name)!.getBoundingClientRect();
        return [name, left, top, width];
      }),
    );
  const before = await places();
  await instrument.press('Train');
  await instrument.reachStep(150);
  const meanwhile = await places();
  expect(meanwhile).toEqual(before);
  await instrument.finished();
  const afterwards = await places();
  expect(afterwards).toEqual(before);
});

test('on a phone the keys are always within reach', async () => {
  const { page } = await visit({ link: SMALL, viewport: { width: 390, height: 844 } });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.locator('.footer').waitFor();
  for (const where of ['top', 'bottom'] as const) {
    await page.evaluate((end) => scrollTo(0, end === 'top' ? 0 : document.body.scrollHeight), where);
    const box = await instrument.key('Train').boundingBox();
    expect(box!.y).toBeGreaterThanOrEqual(0);
    expect(box!.y + box!.height).toBeLessThanOrEqual(844);
  }
});

async function expectNoViolation(page: Page): Promise<void> {
  const found = await violations(page);
  expect(found).toEqual([]);
}

test.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
] as const)('no accessibility violation in %s at %i pixels, in any state of the page', async (colorScheme, width) => {
  const { page } = await visit({ link: SMALL, colorScheme, viewport: { width, height: 900 } });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.locator('.baseline-label').first().waitFor();
  await expectNoViolation(page);

  await instrument.press('Train');
  await instrument.finished();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.locator('.output-by', { hasText: /^by / }).first().waitFor();
  await page.getByText('More settings').click();
  await instrument.choose('GRU');
  await instrument.field('Batch size').fill('x');
  await instrument.choose('Your own');
  await page.getByRole('textbox', { name: /^Paste a text/ }).fill('a');
  await page.getByRole('button', { name: 'Use this text' }).click();
  await instrument.problem('.panel').waitFor();
  await expectNoViolation(page);

  await page.locator('.readout .explain', { hasText: 'train loss' }).click();
  await page.locator('.explain-box:popover-open').waitFor();
  await expectNoViolation(page);
});

test('with forced colours every key and every line can still be seen', async () => {
  const { page } = await visit({ link: SMALL, forcedColors: 'active' });
  const instrument = new Instrument(page);
  await instrument.ready();
  const background = (key: string) =>
    page
      .locator(`.choice-key ${key} + span`)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const [chosen, other] = [await background('input:checked'), await background('input:not(:checked)')];
  expect(chosen).not.toBe(other);
  const border = await page
    .locator('.stepper')
    .first()
    .evaluate((element) => getComputedStyle(element).borderTopWidth);
  expect(border).toBe('1px');
});
