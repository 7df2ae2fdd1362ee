import { spawnSync } from 'node:child_process';
import type { Page, Worker } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../web/build/paths.mjs';
import { eventually } from './support/eventually.js';
import { holdTraining, isReplica, trainingWorker as worker } from './support/holding.js';
import { Instrument } from './support/instrument.js';
import { useSite } from './support/site.js';

const visit = useSite();

const LINK = 'text=names&hidden=32&batch=16&seq=24&steps=2500&eval-every=500&sample-every=1000&sample-length=60';

/** What a run that nothing happens to arrives at. */
let fingerprint: string;
beforeAll(() => {
  fingerprint = fingerprintOf(LINK);
});

function fingerprintOf(link: string): string {
  const run = [inRoot('build/lib/cli/main.js'), 'run', `#v=1&${link}`, '--json'];
  const { stdout } = spawnSync(process.execPath, run, { encoding: 'utf8' });
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { fingerprint: string }).fingerprint;
}

/** Stands before the training worker's script: the imports of its modules trap when they are told to. */
const TRAPPING = `
  const { instantiate } = WebAssembly;
  const watched = (call) => (...args) => {
    if (--self.callsLeft === 0) throw new WebAssembly.RuntimeError('memory access out of bounds');
    return call(...args);
  };
  WebAssembly.instantiate = (module, { a, ...others }) =>
    instantiate(module, { a: Object.fromEntries(Object.entries(a).map(([name, call]) => [name, watched(call)])), ...others });
`;

/** It has died of the last time meanwhile. */
function unlessGone(error: Error): void {
  if (!/closed|disposed|destroyed/.test(error.message)) throw error;
}

const DEATHS = {
  'its engine traps': (own: Worker) => own.evaluate('self.callsLeft = 20; self.release()'),
  'it ends itself': (own: Worker) => own.evaluate('self.close()'),
  'it hangs': (own: Worker) => void own.evaluate('for (;;);').catch(() => undefined),
  'it throws': (own: Worker) =>
    own.evaluate("setTimeout(() => { throw new Error('killed by the test'); })").catch(unlessGone),
} as const;

/**
 * What the console may say of such a death. An engine that traps where C++ cannot be unwound, as in a destructor, says so
 * on its way down; which call of an import is the one that traps is a matter of time.
 */
const saidOf = (how: keyof typeof DEATHS): RegExp | undefined =>
  how === 'its engine traps' ? /^Aborted\(\)$/ : undefined;

/** Milliseconds from when the page says that something was replaced until training has come further. */
function watchRecovery(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let noticed: number | null = null;
        let before = 0;
        const look = (): void => {
          const step = document.querySelector('progress')!.value;
          if (noticed === null && document.querySelector('[role=status]')!.textContent!.includes('replaced')) {
            noticed = performance.now();
            before = step;
          } else if (noticed !== null && step > before) {
            resolve(performance.now() - noticed);
            return;
          }
          requestAnimationFrame(look);
        };
        look();
      }),
  );
}

async function expectTheSameEnd(instrument: Instrument, expected = fingerprint): Promise<void> {
  await instrument.finished();
  await eventually(() => instrument.fingerprint()).toBe(expected);
  // Each point and each sample once.
  const rows = instrument.page.locator('.chart table tbody tr th');
  await eventually(() => rows.allInnerTexts()).toEqual(['0', '500', '1,000', '1,500', '2,000', '2,500']);
  await eventually(() => instrument.history()).toEqual(['step 2,500', 'step 2,000', 'step 1,000', 'untrained']);
  await eventually(() => instrument.problem('.transport').count()).toBe(0);
}

/** Each training worker holds at the next of these steps, and those after the last at none. */
async function open(holds: readonly number[] = [], link = LINK, expected?: RegExp): Promise<Instrument> {
  const { page } = await visit({ link, expected, before: (made) => holdTraining(made, holds, TRAPPING) });
  const instrument = new Instrument(page);
  await instrument.ready();
  return instrument;
}

describe('training goes on by itself to the same end', () => {
  test.each(Object.entries(DEATHS))('when %s', async (how, die) => {
    const instrument = await open([700], LINK, saidOf(how as keyof typeof DEATHS));
    const opened = await instrument.page.evaluate(() => performance.now());
    await instrument.press('Train');
    await instrument.reachStep(700);
    const recovered = watchRecovery(instrument.page);
    await die(await worker(instrument.page));
    const ms = await recovered;
    console.log(`back after ${ms.toFixed(0)} ms`);
    // Two seconds are promised; this machine may have other work, and then it took its time for the first network too.
    expect(ms).toBeLessThan(Math.max(8000, 4 * opened));
    await expectTheSameEnd(instrument);
  });

  test('when it dies several times, each time somewhere else', async () => {
    const steps = [1, 300, 501, 1400];
    const instrument = await open(steps);
    await instrument.press('Train');
    for (const step of steps) {
      await instrument.reachStep(step);
      const recovered = watchRecovery(instrument.page);
      await DEATHS['it throws'](await worker(instrument.page));
      await recovered;
    }
    await expectTheSameEnd(instrument);
  });
});

describe('training with two workers goes on by itself to the same end', () => {
  test.each(['it ends itself', 'it throws'] as const)('when of the second %s', async (how) => {
    const two = `${LINK}&workers=2`;
    const instrument = await open([300], two);
    const { page } = instrument;
    await instrument.press('Train');
    await instrument.reachStep(300);
    const recovered = watchRecovery(page);
    await DEATHS[how](page.workers().find((each) => isReplica(each.url()))!);
    await (await worker(page)).evaluate('self.release()');
    console.log(`back after ${(await recovered).toFixed(0)} ms`);
    await expectTheSameEnd(instrument, fingerprintOf(two));
  });
});

describe('nothing is lost', () => {
  test.each(['it ends itself', 'it throws'] as const)('when %s before the first step', async (how) => {
    const instrument = await open();
    await DEATHS[how](await worker(instrument.page));
    await instrument.page.locator('.transport-note', { hasText: 'replaced' }).waitFor();
    await instrument.press('Train');
    await expectTheSameEnd(instrument);
  });

  test.each(['it ends itself', 'it throws', 'its engine traps'] as const)('when %s during a pause', async (how) => {
    const instrument = await open([600], LINK, saidOf(how));
    await instrument.press('Train');
    await instrument.reachStep(600);
    await instrument.press('Pause');
    await (await worker(instrument.page)).evaluate('self.release()');
    await instrument.key('Continue').waitFor();
    const step = await instrument.step();
    await DEATHS[how](await worker(instrument.page));
    if (how !== 'its engine traps') {
      await instrument.page.locator('.transport-note', { hasText: 'replaced' }).waitFor();
      await eventually(() => instrument.step()).toBe(step);
    }
    await instrument.press('One step');
    await instrument.reachStep(step + 1);
    await instrument.key('Continue').waitFor();
    await eventually(() => instrument.step()).toBe(step + 1);
    await instrument.press('Continue');
    await expectTheSameEnd(instrument);
  });

  test('when it throws during a single step, which is one all the same', async () => {
    const instrument = await open();
    for (const step of [1, 2, 3]) {
      await instrument.press('One step');
      await DEATHS['it throws'](await worker(instrument.page));
      await instrument.reachStep(step);
      await instrument.key('Continue').waitFor();
      await eventually(() => instrument.step()).toBe(step);
    }
    await instrument.press('Continue');
    await expectTheSameEnd(instrument);
  });

  test('when it throws as soon as it evaluates', async () => {
    const instrument = await open([500]);
    await instrument.press('Train');
    await instrument.reachStep(500);
    await DEATHS['it throws'](await worker(instrument.page));
    await expectTheSameEnd(instrument);
  });
});

test('a worker that dies again and again stops the page with a sentence, and what is trained is kept', async () => {
  const dies = `
    addEventListener('message', ({ data }) => {
      if (data.kind === 'train') throw new Error('killed by the test');
    });
  `;
  const { page } = await visit({ link: LINK, before: (made) => holdTraining(made, [], dies) });
  const instrument = new Instrument(page);
  await instrument.ready();
  await instrument.press('One step');
  await instrument.reachStep(1);
  await instrument.key('Continue').waitFor();
  await instrument.press('Continue');
  const problem = instrument.problem('.transport');
  await problem.waitFor();
  await eventually(() => problem.innerText()).toContain('stopped three times');
  await eventually(() => instrument.step()).toBeGreaterThanOrEqual(1);

  await page.unrouteAll();
  await instrument.press('Continue');
  await expectTheSameEnd(instrument);
});
