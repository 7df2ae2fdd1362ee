import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { eventually } from './support/eventually.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

test('the address always opens the same settings again', async () => {
  const { page } = await visit();
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.choose('Sums');
  await instrument.choose('GRU');
  await instrument.field('Hidden size').fill('24');
  await instrument.field('Learning rate').fill('0.01');
  await page.getByText('More settings').click();
  await instrument.choose('SGD');
  await instrument.fragment('optimizer=sgd');
  await eventually(() => instrument.sample()).toMatch(/^[\d+=\n]+$/);
  const sample = await instrument.sample();

  await page.reload();
  await instrument.ready();
  await eventually(() => instrument.chosen('Text')).toBe('Sums');
  await eventually(() => instrument.chosen('Cell')).toBe('GRU');
  await eventually(() => instrument.field('Hidden size').inputValue()).toBe('24');
  await eventually(() => instrument.field('Learning rate').inputValue()).toBe('0.01');
  await eventually(() => instrument.sample()).toBe(sample);
});

test('the page and the command line arrive at the same weights from the same link', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const fragment = await instrument.fragment('k=');

  const { stdout } = spawnSync(process.execPath, [inRoot('build/lib/cli/main.js'), 'run', fragment, '--json'], {
    encoding: 'utf8',
  });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { fingerprint: string };
  await eventually(() => instrument.fingerprint()).toBe(last.fingerprint);
});

test('Copy link copies the present address', async () => {
  const { page, address } = await visit({ link: SMALL, permissions: ['clipboard-read', 'clipboard-write'] });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.field('Seed').fill('99');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Link copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(page.url());
  expect(copied.startsWith(`${address}#v=1&`)).toBe(true);
  expect(copied).toContain('seed=99');
});

test.each([
  ['damaged', '#v=1&cell=lstn', /did you mean|cell is "lstn"/],
  ['of a newer version', '#v=2&cell=gru', /newer Unroll/],
  ['cut off', '#v=1&', /cut off/],
  ['with a hidden size of 0', '#v=1&hidden=0', /hidden is 0/],
  ['with markup in it', '#v=1&prompt=%3Cimg%20src=x%20onerror=alert(1)%3E', /cannot be read/],
  ['with an unknown key', '#v=1&hiden=64', /"hidden"/],
  ['of nonsense', '#%%%', /cannot be read/],
])('a link %s says what is wrong, and the page shows its usual start', async (_, fragment, reason) => {
  const { page } = await visit({ fragment });
  const instrument = new Instrument(page);
  await instrument.ready();
  const note = page.locator('.link-note');
  await eventually(() => note.innerText()).toMatch(reason);
  await eventually(() => note.innerText()).toContain('shows its usual start instead');
  await eventually(() => instrument.chosen('Cell')).toBe('LSTM');
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await note.waitFor({ state: 'detached' });
});

test('a prompt that looks like markup is text and nothing else', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  const { page } = await visit({
    link: `text=moby-dick&hidden=8&sample-length=20&prompt=${encodeURIComponent('<b>')}`,
  });
  const problem = page.locator('.problem').first();
  await problem.waitFor();
  await eventually(() => page.locator('main b, main img').count()).toBe(0);
  await eventually(() => page.getByRole('textbox', { name: 'Beginning' }).inputValue()).toBe('<b>');
  expect(markup).toContain('<');
});

test('another link in the address bar is opened at once while nothing has been trained', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.open('#v=1&text=names&cell=gru&hidden=12');
  await eventually(() => instrument.field('Hidden size').inputValue()).toBe('12');
  await eventually(() => instrument.chosen('Cell')).toBe('GRU');
});

test('it asks before another link throws away what was trained', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const mine = await instrument.fragment('k=');
  const open = () => instrument.open('#v=1&text=names&cell=gru&hidden=12');
  const dialog = page.getByRole('dialog', { name: 'Open the link?' });

  await open();
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await eventually(() => instrument.step()).toBe(300);
  await eventually(() => instrument.address()).toBe(mine);

  await open();
  await dialog.getByRole('button', { name: 'Open the link' }).click();
  await instrument.ready();
  await eventually(() => instrument.field('Hidden size').inputValue()).toBe('12');
});

test('a damaged link in the address bar changes nothing', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const mine = await instrument.fragment('k=');
  await instrument.open('#v=1&cell=elephant');
  await page.locator('.link-note', { hasText: 'keeps what it had' }).waitFor();
  await eventually(() => instrument.address()).toBe(mine);
  await eventually(() => instrument.field('Hidden size').inputValue()).toBe('32');
});

test('a link that promises a result is checked when the run is complete', async () => {
  const { page } = await visit({ link: `${SMALL}&e=1.300.0123456789abcdef` });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  await eventually(() => instrument.note()).toContain('Not what the link promised');

  const fingerprint = await instrument.fingerprint();
  const honest = await visit({ link: `${SMALL}&e=1.300.${fingerprint}` });
  const again = new Instrument(honest.page);
  await again.ready();
  await again.press('Train');
  await again.finished();
  await eventually(() => again.note()).toContain('The same as the link promised');
});
