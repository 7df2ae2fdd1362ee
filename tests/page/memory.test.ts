import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Instrument } from './support/instrument.js';
import { useSite } from './support/site.js';

// Code that is compiled as it becomes hot lies on the same heap as what a page forgets to let go of.
const visit = useSite(['--js-flags=--no-opt --no-maglev --no-sparkplug --no-flush-bytecode']);

/** The least that can be trained. */
const TINY = 'text=counting&cell=rnn&hidden=1&batch=1&seq=1&steps=10&sample-length=1';
const WARM_UP = 100;
const TIMES = 1000;

interface Memory {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

async function memoryOf(page: Page): Promise<() => Promise<Memory>> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('Performance.enable');
  return async () => {
    // What is let go of in one round may be what the next can let go of.
    for (let round = 0; round < 3; ++round) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((each) => each.name === name)!.value;
    return { heapBytes: usedSize, nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
  };
}

/** Each of these times used to keep more than six kilobytes. What is allowed here is 200 bytes, and no node or listener. */
async function expectFlat(page: Page, repeat: (times: number) => Promise<void>): Promise<void> {
  const instrument = new Instrument(page);
  const measure = await memoryOf(page);
  await repeat(WARM_UP);
  await instrument.ready();
  const before = await measure();
  await repeat(TIMES);
  await instrument.ready();
  const after = await measure();
  expect(after.heapBytes - before.heapBytes).toBeLessThan(200 * TIMES);
  expect(after.nodes - before.nodes).toBeLessThan(TIMES / 4);
  expect(after.listeners - before.listeners).toBeLessThan(TIMES / 10);
}

test('a thousand new seeds leave nothing behind', { timeout: 240_000 }, async () => {
  const { page } = await visit({ link: TINY });
  await new Instrument(page).ready();
  await page.locator('.footer').waitFor();
  await page.locator('.chart-canvas canvas').waitFor();
  await expectFlat(page, (times) =>
    page.evaluate(async (count) => {
      const key = [...document.querySelectorAll<HTMLElement>('.keys .key')].find(
        (each) => each.innerText === 'New seed',
      )!;
      const status = document.querySelector('[role=status]')!;
      for (let i = 0; i < count; ++i) {
        const said = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!status.textContent.includes('seed')) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(status, { childList: true, characterData: true, subtree: true });
        });
        key.click();
        await said;
      }
    }, times),
  );
});

test('a thousand workers that die leave nothing behind', { timeout: 240_000 }, async () => {
  const { page } = await visit({ link: TINY, before: (tab) => tab.addInitScript(countWorkers) });
  await new Instrument(page).ready();
  await page.locator('.footer').waitFor();
  await page.locator('.chart-canvas canvas').waitFor();
  await expectFlat(page, async (times) => {
    await page.evaluate(async (count) => {
      const { workers } = globalThis as unknown as Counted;
      for (let i = 0; i < count; ++i) {
        const { started } = workers;
        workers.last!.dispatchEvent(new ErrorEvent('error'));
        // The third in a row that has come no further is the last, until there is another run.
        for (; workers.started === started; await new Promise(requestAnimationFrame)) {
          if (document.querySelector('.transport [role=alert] .problem') === null) continue;
          [...document.querySelectorAll<HTMLElement>('.key')].find((key) => key.innerText === 'New seed')?.click();
        }
      }
    }, times);
    // The last death may have been the third, or have met a network that was being prepared.
    await new Instrument(page).press('New seed');
  });
});

interface Counted {
  workers: { started: number; last: Worker | null };
}

/** Lets the test see the page's workers, to tell the page of an error of theirs as the browser would. */
function countWorkers(): void {
  const workers: Counted['workers'] = { started: 0, last: null };
  const Original = Worker;
  Object.assign(globalThis, {
    workers,
    Worker: class extends Original {
      constructor(...given: ConstructorParameters<typeof Original>) {
        super(...given);
        workers.started += 1;
        workers.last = this;
      }
    },
  });
}
