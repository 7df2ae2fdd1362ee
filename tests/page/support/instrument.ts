import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Long enough for a busy machine; a test that passes waits for events and never this long. */
const PATIENCE_MS = 60_000;

/** Waits until a value of the page is as expected, and then compares it, so that a failure shows the difference. */
export async function eventually<Value>(read: () => Promise<Value>, check: (value: Value) => void): Promise<Value> {
  return expect
    .poll(read, { timeout: PATIENCE_MS, interval: 30 })
    .toSatisfy((value: Value) => {
      try {
        check(value);
        return true;
      } catch {
        return false;
      }
    })
    .then(read);
}

/** The page as a reader sees it: the instrument's keys and dials by their names. */
export class Instrument {
  constructor(readonly page: Page) {}

  key(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.key(name).click();
  }

  /** Waits until a network is ready and can be trained. */
  async ready(): Promise<void> {
    await this.page
      .locator('.key-primary[aria-disabled="false"]', { hasText: 'Train' })
      .waitFor({ timeout: PATIENCE_MS });
    await this.page.locator('.sample-when', { hasText: 'before training' }).waitFor({ timeout: PATIENCE_MS });
  }

  /** Waits until the run has come to its end. */
  async finished(): Promise<void> {
    await this.page.locator('.transport-note', { hasText: 'Done.' }).waitFor({ timeout: PATIENCE_MS });
  }

  /** What a dial shows, without its detail: "step", "train loss", ... */
  async dial(name: string): Promise<string> {
    const term = this.page.locator('dt', { hasText: new RegExp(`^${name}`) });
    return this.page.locator('.readout').filter({ has: term }).locator('.readout-value').innerText();
  }

  async step(): Promise<number> {
    return toNumber(await this.dial('step'));
  }

  /** Waits until so many steps are done. */
  async reachStep(step: number): Promise<void> {
    await this.page.waitForFunction((wanted) => (document.querySelector('progress')?.value ?? 0) >= wanted, step, {
      timeout: PATIENCE_MS,
    });
  }

  async valLoss(): Promise<number> {
    return toNumber(await this.dial('validation loss'));
  }

  /** What the network writes now. */
  async sample(): Promise<string> {
    return this.page.locator('.sample .writing-text').innerText();
  }

  /** The steps of all samples in the history, newest first. */
  async history(): Promise<string[]> {
    return this.page.locator('.history-step').allInnerTexts();
  }

  async baseline(name: string): Promise<number> {
    return toNumber(
      await this.page.locator('.baseline-label', { hasText: name }).locator('.baseline-value').innerText(),
    );
  }

  field(name: string): Locator {
    return this.page.getByRole('spinbutton', { name, exact: true });
  }

  async choose(name: string): Promise<void> {
    await this.page.locator('.choice-key', { hasText: new RegExp(`^${name}$`) }).click();
  }

  async chosen(legend: string): Promise<string> {
    const checked = this.page.getByRole('group', { name: legend }).locator('input:checked + span');
    return checked.innerText();
  }

  async fingerprint(): Promise<string> {
    return this.page.locator('.fingerprint').innerText();
  }

  /** The sentence about what is wrong in a part of the page, or an empty string. */
  problem(part: string): Locator {
    return this.page.locator(part).locator('.problem');
  }

  /** The fragment of the address, once it says what is expected. */
  async fragment(expected: string): Promise<string> {
    await this.page.waitForFunction((part) => location.hash.includes(part), expected, { timeout: PATIENCE_MS });
    return new URL(this.page.url()).hash;
  }
}

const toNumber = (shown: string): number => Number(shown.replaceAll(',', ''));
