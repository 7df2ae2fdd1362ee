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
  ['of another task', '#v=1&task=classify&bidirectional=1', /not shown here yet; `unroll run` trains it/],
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

test('markup in a text, a prompt, a sample and a file name is text and nothing else', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.choose('Your own');
  await page.getByRole('textbox', { name: /^Paste a text/ }).fill(markup.repeat(200));
  await page.getByRole('button', { name: 'Use this text' }).click();
  await page.locator('.excerpt', { hasText: markup }).waitFor();
  await page.getByRole('textbox', { name: 'Beginning' }).fill(markup);
  const prompts = page.locator('.prompt-part', { hasText: markup });
  await page.locator('.sample').locator(prompts).waitFor();
  await page.locator('.history').locator(prompts).waitFor();
  // By heart, so that what it writes is markup too.
  await instrument.press('Train');
  await instrument.finished();
  await page.locator('.sample', { hasText: `${markup}${markup}` }).waitFor();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.locator('.outputs').locator(prompts).first().waitFor();
  const file = { name: `${markup}.safetensors`, mimeType: '', buffer: Buffer.alloc(0) };
  await page.locator('.keep input[type=file]').setInputFiles(file);
  await page.locator('.keep .problem', { hasText: `${markup}.safetensors` }).waitFor();

  const elements = await page.locator('img').count();
  expect(elements).toBe(0);
  // And once more out of the link.
  await page.reload();
  await page.locator('.excerpt', { hasText: markup }).waitFor();
  const afterwards = await page.locator('img').count();
  expect(afterwards).toBe(0);
});

test.each([
  ['another temperature', '&temperature=0.3', () => ({ temperature: '0.3' })],
  ['another beginning and seed for sampling', '&prompt=Mar&sample-seed=7', () => ({ beginning: 'Mar', seed: '7' })],
  ['a claim', '&e=1.300.0123456789abcdef', () => ({ note: expect.stringContaining('Not what the link promised') })],
])('a link that differs only in %s keeps what was trained', async (_, addition, expected) => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const trained = async () => [await instrument.step(), await instrument.fingerprint(), await instrument.history()];
  const before = await trained();

  await instrument.open(`#v=1&${SMALL}${addition}`);
  await eventually(async () => ({
    temperature: await page.getByRole('slider', { name: 'Temperature' }).inputValue(),
    beginning: await page.getByRole('textbox', { name: 'Beginning' }).inputValue(),
    seed: await instrument.field('Sampling seed').inputValue(),
    note: await instrument.note(),
  })).toMatchObject(expected());
  // Whatever the page asked of the worker because of the link comes before this.
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page
    .locator('.outputs[aria-busy=false] .output-by', { hasText: /after 300 steps/ })
    .first()
    .waitFor();
  const after = await trained();
  expect(after).toEqual(before);
  const questions = await page.getByRole('dialog', { name: 'Open the link?' }).count();
  expect(questions).toBe(0);
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
