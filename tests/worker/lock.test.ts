import { expect, test } from 'vitest';
import { Cancelled, Lock } from '../../web/worker/lock.js';
import type { Token } from '../../web/worker/lock.js';
import { makeYield } from '../../web/worker/yield.js';

/** Work that goes on until it is told to stop, and notes when it began and ended. */
function endless(name: string, log: string[], yieldToEvents: () => Promise<void>) {
  return async (token: Token): Promise<string> => {
    log.push(`${name} begins`);
    while (!token.paused && !token.cancelled) await yieldToEvents();
    log.push(`${name} ends`);
    if (token.cancelled) throw new Cancelled();
    return name;
  };
}

test('new work overtakes the old, and begins only when that has stopped', async () => {
  const log: string[] = [];
  const lock = new Lock();
  const yieldToEvents = makeYield();
  const first = lock.acquire(endless('first', log, yieldToEvents));
  await yieldToEvents();
  const second = lock.acquire(endless('second', log, yieldToEvents));
  await expect(first).rejects.toBeInstanceOf(Cancelled);
  await yieldToEvents();
  await lock.pause();
  expect(await second).toBe('second');
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('work that is overtaken before its turn never begins', async () => {
  const log: string[] = [];
  const lock = new Lock();
  const yieldToEvents = makeYield();
  const first = lock.acquire(endless('first', log, yieldToEvents));
  const second = lock.acquire(endless('second', log, yieldToEvents));
  const third = lock.acquire(endless('third', log, yieldToEvents));
  await expect(Promise.allSettled([first, second])).resolves.toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  await yieldToEvents();
  await lock.pause();
  expect(await third).toBe('third');
  expect(log).not.toContain('second begins');
});

test('a failure of one does not keep the next out', async () => {
  const lock = new Lock();
  await expect(lock.acquire(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock.acquire(async () => 'yes')).toBe('yes');
});

test('a pause with nothing to pause is over at once', async () => {
  await new Lock().pause();
});
