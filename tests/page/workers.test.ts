import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

const TWO = `${SMALL}&workers=2`;
const isReplica = (url: string): boolean => /\/worker-[^/]*\.js$/.test(url);
const theButton = (page: Page) => page.getByRole('button', { name: 'Measure how many workers pay here' });
const advice = (page: Page) => page.locator('.workers-advice');

async function trainToTheEnd(instrument: Instrument, key = 'Train'): Promise<string> {
  await instrument.press(key);
  await instrument.finished();
  return instrument.fingerprint();
}

test('a page with one worker never loads what several need', async () => {
  const { page, requests } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await trainToTheEnd(instrument);
  expect(requests.filter((url) => isReplica(url) || url.includes('several-workers'))).toEqual([]);
});

test('two workers arrive at the same weights as two threads of the command line, also after a pause and a rewind', async () => {
  const { page, requests } = await visit({ link: TWO });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.getByText('Several workers tell how fast they are once they train.').waitFor();
  await eventually(() => requests.filter(isReplica)).toHaveLength(1);
  const fingerprint = await trainToTheEnd(instrument);

  const { stdout } = spawnSync(process.execPath, [inRoot('build/lib/cli/main.js'), 'run', `#v=1&${TWO}`, '--json'], {
    encoding: 'utf8',
  });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { fingerprint: string };
  expect(fingerprint).toBe(last.fingerprint);

  await instrument.press('Rewind');
  await instrument.ready();
  await instrument.press('One step');
  await eventually(() => instrument.step()).toBe(1);
  const again = await trainToTheEnd(instrument, 'Continue');
  expect(again).toBe(fingerprint);
});

test('the number of workers is part of the address, and one the batch cannot feed is refused in words', async () => {
  const { page } = await visit({ link: `${SMALL.replace('batch=16', 'batch=2')}` });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.getByText('More settings').click();
  await instrument.field('Workers').fill('2');
  await instrument.fragment('workers=2');
  await instrument.ready();
  await instrument.field('Workers').fill('3');
  await eventually(() => instrument.problem('.instrument').innerText()).toContain('a stream for each of the replicas');
});

test('a measurement says how many workers pay, and sets the number', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await page.getByText('More settings').click();
  await theButton(page).press('Enter');
  await advice(page).getByText('One is best: a step is too short for more.').waitFor();
  await eventually(() => instrument.field('Workers').inputValue()).toBe('1');
  // Somebody with a keyboard has not lost their place.
  await eventually(() => theButton(page).evaluate((element) => element === document.activeElement)).toBe(true);

  // Large enough to be measured, whatever comes out of it here.
  await instrument.field('Hidden size').fill('128');
  await instrument.ready();
  await theButton(page).click();
  await advice(page)
    .getByText(/(One is|\d+ are) best: a step takes [\d.]+ ms with 2 workers/)
    .waitFor();
  const best = /^(\S+) (is|are) best/.exec(await advice(page).innerText())![1]!;
  await eventually(() => instrument.field('Workers').inputValue()).toBe(best === 'One' ? '1' : best);
});
