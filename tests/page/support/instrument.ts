import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.js';

/**
 * The page as a reader sees it: the instrument's keys and dials by their names.
 *
 * What only reads (`step`, `sample`, `history` ...) tells what is there now; `eventually` asks until it is as expected.
 */
export class Instrument {
  constructor(readonly page: Page) {}

  key(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.key(name).click();
  }

  /**
   * Presses a key as soon as so many steps are done. The page itself does it: on a busy machine a run may be over before
   * a test has learned of its first step.
   */
  async pressAtStep(step: number, name: string): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, label]) => {
        if ((document.querySelector('progress')?.value ?? 0) < wanted) return false;
        const key = [...document.querySelectorAll<HTMLElement>('.keys .key')].find(
          (each) => each.innerText.trim() === label,
        );
        key?.click();
        return key !== undefined;
      },
      [step, name] as const,
    );
  }

  /** Waits until a network is ready and can be trained; asked at every frame, which a locator is not. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => {
      const says = (part: string, words: string) => document.querySelector(part)?.textContent?.includes(words);
      return says('.key-primary[aria-disabled="false"]', 'Train') && says('.sample-when', 'before training');
    });
  }

  /** Waits until the run has come to its end. */
  async finished(): Promise<void> {
    await this.page.waitForFunction(() => document.querySelector('.transport-note')?.textContent?.includes('Done.'));
  }

  /** What a dial shows, without its detail: "step", "train loss", ... */
  async dial(name: string): Promise<string> {
    const term = this.page.locator('dt', { hasText: new RegExp(`^${name}`) });
    return this.page.locator('.readout').filter({ has: term }).locator('.readout-value').innerText();
  }

  async step(): Promise<number> {
    return toNumber(await this.dial('step'));
  }

  async charactersPerSecond(): Promise<number> {
    return toNumber(await this.dial('characters/s'));
  }

  /** Waits until so many steps are done. */
  async reachStep(step: number): Promise<void> {
    await this.page.waitForFunction((wanted) => (document.querySelector('progress')?.value ?? 0) >= wanted, step);
  }

  async valLoss(): Promise<number> {
    return toNumber(await this.dial('validation loss'));
  }

  /** What the network writes now. */
  async sample(): Promise<string> {
    return this.page.locator('.sample .writing-text').innerText();
  }

  /** The steps of all samples in the history, newest first; it is drawn a while after the first network. */
  async history(): Promise<string[]> {
    await this.page.locator('.history-step').first().waitFor();
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

  /** The line under the keys. */
  async note(): Promise<string> {
    return this.page.locator('.transport-note').innerText();
  }

  /** The sentence about what is wrong in a part of the page. */
  problem(part: string): Locator {
    return this.page.locator(part).locator('.problem');
  }

  /** The fragment of the address as it is now: it follows when the controls rest. */
  address(): string {
    return new URL(this.page.url()).hash;
  }

  /** The fragment of the address, once it says what is expected. */
  async fragment(expected: string): Promise<string> {
    await eventually(() => this.address()).toContain(expected);
    return this.address();
  }

  /** Opens another link, as somebody does who writes it into the address bar. */
  async open(fragment: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
  }
}

const toNumber = (shown: string): number => Number(shown.replaceAll(',', ''));
