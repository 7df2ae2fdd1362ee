import { expect, test } from 'vitest';
import { Cancelled, Turnstile } from '../../web/worker/activity.js';
import type { Token } from '../../web/worker/activity.js';
import { makeBreath } from '../../web/worker/breath.js';

/** Work that goes on until it is told to stop, and notes when it began and ended. */
function endless(name: string, log: string[], breathe: () => Promise<void>) {
  return async (token: Token): Promise<string> => {
    log.push(`${name} begins`);
    while (!token.paused && !token.cancelled) await breathe();
    log.push(`${name} ends`);
    if (token.cancelled) throw new Cancelled();
    return name;
  };
}

test('new work overtakes the old, and begins only when that has stopped', async () => {
  const log: string[] = [];
  const turnstile = new Turnstile();
  const breathe = makeBreath();
  const first = turnstile.enter(endless('first', log, breathe));
  await breathe();
  const second = turnstile.enter(endless('second', log, breathe));
  await expect(first).rejects.toBeInstanceOf(Cancelled);
  await breathe();
  await turnstile.pause();
  expect(await second).toBe('second');
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('work that is overtaken before its turn never begins', async () => {
  const log: string[] = [];
  const turnstile = new Turnstile();
  const breathe = makeBreath();
  const first = turnstile.enter(endless('first', log, breathe));
  const second = turnstile.enter(endless('second', log, breathe));
  const third = turnstile.enter(endless('third', log, breathe));
  await expect(Promise.allSettled([first, second])).resolves.toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  await breathe();
  await turnstile.pause();
  expect(await third).toBe('third');
  expect(log).not.toContain('second begins');
});

test('a failure of one does not keep the next out', async () => {
  const turnstile = new Turnstile();
  await expect(turnstile.enter(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turnstile.enter(async () => 'yes')).toBe('yes');
});

test('a pause with nothing to pause is over at once', async () => {
  await new Turnstile().pause();
});
