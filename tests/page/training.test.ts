import { expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { holdTraining, trainingWorker } from './support/holding.js';
import { Instrument } from './support/instrument.js';
import { SMALL, useSite } from './support/site.js';

const visit = useSite();

test('training brings the validation loss below what letter frequencies know, and the samples are kept', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const untrained = await instrument.sample();
  await instrument.press('Train');
  await instrument.finished();

  await eventually(() => instrument.step()).toBe(300);
  await eventually(() => instrument.valLoss()).toBeLessThan(await instrument.baseline('knows letter frequencies'));
  await eventually(() => instrument.history()).toEqual(['step 300', 'step 200', 'step 100', 'untrained']);
  await eventually(() => instrument.sample()).not.toBe(untrained);
  await eventually(() => instrument.note()).toMatch(/never seen before: \d\.\d{3} nats[^]* [0-9a-f]{16}$/);
  // The picture is a canvas; what it shows also stands in a table.
  const rows = page.locator('.chart table tbody tr');
  await eventually(() => rows.count()).toBe(4);
});

test('Pause stops soon and loses nothing, Continue goes on to the same end', async () => {
  const straight = new Instrument((await visit({ link: SMALL })).page);
  await straight.ready();
  await straight.press('Train');
  await straight.finished();

  const { page } = await visit({ link: SMALL, before: (made) => holdTraining(made, [20]) });
  const paused = new Instrument(page);
  await paused.ready();
  for (const step of [20, 140]) {
    await (await trainingWorker(page)).evaluate(`self.holdAt = ${step}`);
    await paused.press(step === 20 ? 'Train' : 'Continue');
    await paused.reachStep(step);
    await paused.press('Pause');
    await (await trainingWorker(page)).evaluate('self.release()');
    await paused.key('Continue').waitFor();
    const stopped = await paused.step();
    expect(stopped).toBeLessThan(300);
    // Nothing moves any more: a second look after some frames sees the same step.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const later = await paused.step();
    expect(later).toBe(stopped);
  }
  await paused.press('Continue');
  await paused.finished();
  await eventually(() => paused.fingerprint()).toBe(await straight.fingerprint());
});

test('One step is one step', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  for (const step of [1, 2, 3]) {
    await instrument.press('One step');
    await eventually(() => instrument.step()).toBe(step);
  }
  await eventually(() => instrument.dial('train loss')).toMatch(/^\d\.\d{3}$/);
});

test('Rewind brings back the very same untrained network, also in the middle of training', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const untrained = await instrument.sample();
  await instrument.press('Train');
  await instrument.pressAtStep(110, 'Rewind');
  await instrument.ready();
  await eventually(() => instrument.step()).toBe(0);
  await eventually(() => instrument.sample()).toBe(untrained);

  await instrument.press('Train');
  await instrument.finished();
  const first = await instrument.fingerprint();
  await instrument.press('Rewind');
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  await eventually(() => instrument.fingerprint()).toBe(first);
});

test('New seed makes another network, and its number is in the address', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const before = await instrument.sample();
  await instrument.press('New seed');
  await eventually(() => instrument.sample()).not.toBe(before);
  await eventually(() => instrument.field('Seed').inputValue()).not.toBe('1');
  const seed = await instrument.field('Seed').inputValue();
  await instrument.fragment(`seed=${seed}`);
});

test('before the first step a changed cell is a new network at once', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const lstm = await instrument.sample();
  const counts = page.locator('.panel .explain', { hasText: 'parameters' });
  const lstmCount = await counts.innerText();
  await instrument.choose('GRU');
  await eventually(() => instrument.sample()).not.toBe(lstm);
  await eventually(() => counts.innerText()).not.toBe(lstmCount);
});

test('after the first step a changed cell waits for the reader, who may take it back or start over', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  await instrument.choose('GRU');
  const pending = page.getByRole('group', { name: 'Settings changed' });
  await eventually(() => pending.innerText()).toContain('You changed the cell');
  const step = await instrument.step();
  expect(step).toBe(300);

  await pending.getByRole('button', { name: 'Put it back' }).click();
  await pending.waitFor({ state: 'detached' });
  await eventually(() => instrument.chosen('Cell')).toBe('LSTM');

  await instrument.choose('RNN');
  await pending.getByRole('button', { name: 'Start over with the change' }).click();
  await instrument.ready();
  await eventually(() => instrument.step()).toBe(0);
  await eventually(() => page.locator('.legend-earlier').innerText()).toContain('LSTM 32');
});

test('a key that can do nothing says why', async () => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.key('Rewind').click({ force: true });
  await eventually(() => instrument.note()).toContain('nothing to rewind');
  await eventually(() => page.getByRole('status').innerText()).toContain('nothing to rewind');
});

test.each([
  ['Hidden size', '0', 'expected a whole number from 1 to 1024'],
  ['Hidden size', '100000', 'expected a whole number from 1 to 1024'],
  ['Learning rate', 'NaN', 'expected a number'],
  ['Batch size', '', 'Still using 16'],
  ['Sequence length', '2.5', 'expected a whole number'],
])('%s "%s" gets a sentence and changes nothing', async (name, typed, sentence) => {
  const { page } = await visit({ link: SMALL });
  const instrument = new Instrument(page);
  await instrument.ready();
  const before = await instrument.sample();
  const field = instrument.field(name);
  await field.fill(typed);
  const about = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
  await eventually(() => about.innerText()).toContain(sentence);
  await eventually(() => field.getAttribute('aria-invalid')).toBe('true');
  await instrument.press('One step');
  await instrument.reachStep(1);
  await eventually(() => instrument.history()).toEqual(['untrained']);
  const sample = await instrument.sample();
  expect(sample).toBe(before);
});

test('settings that do not fit the text are refused in words, and the network before stays', async () => {
  const { page } = await visit({ link: 'text=names&hidden=16&steps=50&batch=16&seq=24' });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.field('Batch size').fill('256');
  await instrument.field('Sequence length').fill('1024');
  const problem = instrument.problem('.transport');
  await eventually(() => problem.innerText()).toContain('a step reads 256 × 1,024 characters');
  await instrument.field('Sequence length').fill('24');
  await problem.waitFor({ state: 'detached' });
  await instrument.ready();
});

test('a loss that stays finite and is far above blind guessing is said, until the network is rewound', async () => {
  const { page } = await visit({ link: `${SMALL}&cell=rnn&lr=2&clip=1` });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('Train');
  await instrument.finished();
  const problem = page.locator('.transport [role=alert] .problem');
  await eventually(() => problem.innerText()).toMatch(
    /At step [\d,]+ the loss was [\d,.]+, far above the \d\.\d{3} of guessing blindly.*Rewind, and lower/,
  );
  await instrument.press('Rewind');
  await problem.waitFor({ state: 'detached' });
});

test('a learning rate that ruins the network ends in a sentence, and Rewind repairs it', async () => {
  const { page } = await visit({ link: `${SMALL}&lr=10&clip=0&optimizer=sgd&cell=rnn-relu` });
  const instrument = new Instrument(page);
  await instrument.ready();
  const untrained = await instrument.sample();
  await instrument.press('Train');
  const problem = instrument.problem('.transport');
  await eventually(() => problem.innerText()).toMatch(/learning rate/i);
  await instrument.press('Rewind');
  await instrument.ready();
  await problem.waitFor({ state: 'detached' });
  await eventually(() => instrument.sample()).toBe(untrained);
});
