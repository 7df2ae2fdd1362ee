import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

/** The accessible name of what has the focus, roughly: its label or its text. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const label = (element as HTMLInputElement).labels?.[0]?.innerText;
    return (element.getAttribute('aria-label') ?? label ?? element.innerText).trim().split('\n')[0]!;
  });
}

/** Presses Tab until the element of that name has the focus; more than a hundred times would be lost. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 100; ++presses) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab never came to "${name}"`);
}

test('the whole journey by keyboard: choose, set, train, pause, look, write, copy', async () => {
  // So long that it is still under way when Pause is pressed.
  const link = SMALL.replace('steps=300', 'steps=1000000');
  const { page } = await visit({ link, permissions: ['clipboard-read', 'clipboard-write'] });
  const instrument = new Instrument(page);
  await instrument.ready();

  await tabTo(page, 'First names');
  await page.keyboard.press('ArrowRight');
  await eventually(() => instrument.chosen('Text')).toBe('Sums');
  await tabTo(page, 'LSTM');
  await page.keyboard.press('ArrowLeft');
  await eventually(() => instrument.chosen('Cell')).toBe('GRU');
  await tabTo(page, 'Hidden size');
  if ((await page.evaluate(() => document.activeElement!.getAttribute('role'))) !== 'spinbutton') {
    await tabTo(page, 'Hidden size');
  }
  await page.keyboard.press('ArrowDown');
  await eventually(() => instrument.field('Hidden size').inputValue()).toBe('16');
  await instrument.fragment('hidden=16');
  await instrument.ready();

  await tabTo(page, 'Train');
  await page.keyboard.press('Enter');
  await instrument.reachStep(100);
  // The key has become another, and the focus has stayed on it.
  await eventually(() => focused(page)).toBe('Pause');
  await page.keyboard.press('Space');
  await instrument.key('Continue').waitFor();
  await tabTo(page, 'One step');
  const before = await instrument.step();
  await page.keyboard.press('Enter');
  await eventually(() => instrument.step()).toBe(before + 1);
  await eventually(() => page.locator('[role=status]').innerText()).toMatch(/^Step [\d,]+: loss \d/);

  await tabTo(page, 'Loss by training step. Left and right arrow keys move along the steps.');
  await page.keyboard.press('Home');
  const text = () => page.evaluate(() => document.activeElement!.getAttribute('aria-valuetext'));
  await eventually(text).toMatch(/^step 0, validation \d\.\d{3}$/);
  await page.keyboard.press('ArrowRight');
  await eventually(text).toMatch(/^step 100, train \d\.\d{3}, validation \d\.\d{3}$/);

  await tabTo(page, 'Beginning');
  await page.keyboard.type('1+1=');
  await tabTo(page, 'Write');
  await page.keyboard.press('Enter');
  await page.locator('.output-by', { hasText: /^by / }).first().waitFor();
  await eventually(() => page.locator('.output-text').first().innerText()).toMatch(/^1\+1=/);

  await page.keyboard.press('Control+Home');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tabTo(page, 'Copy link');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Link copied' }).waitFor();
});

test('an explanation opens and closes by keyboard, and the focus comes back', async () => {
  const { page } = await visit({ link: SMALL });
  await new Instrument(page).ready();
  const term = page.locator('.readout .explain', { hasText: 'validation loss' });
  await term.focus();
  await page.keyboard.press('Enter');
  const box = page.locator('.explain-box:popover-open');
  await box.waitFor();
  await box.locator('math').first().waitFor();
  const { y, height } = (await box.boundingBox())!;
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThanOrEqual(900);
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'hidden' });
  await eventually(() => term.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('everything that can be reached shows that it has the focus', async () => {
  const { page } = await visit({ link: SMALL });
  await new Instrument(page).ready();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  const seen = new Set<string>();
  for (let presses = 0; presses < 80; ++presses) {
    await page.keyboard.press('Tab');
    const [name, visible] = await page.evaluate(() => {
      const outlined = (element: Element | null): boolean =>
        element !== null &&
        getComputedStyle(element).outlineStyle !== 'none' &&
        getComputedStyle(element).outlineWidth !== '0px';
      const element = document.activeElement!;
      const shown =
        outlined(element) ||
        outlined(element.nextElementSibling) ||
        outlined(element.closest('.stepper')) ||
        outlined(element.closest('.file-button'));
      return [`${element.tagName} ${element.className} ${element.getAttribute('aria-label') ?? ''}`, shown] as const;
    });
    if (name.startsWith('BODY')) break;
    seen.add(name);
    expect(visible, name).toBe(true);
  }
  expect(seen.size).toBeGreaterThan(20);
});
