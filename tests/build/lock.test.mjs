import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { withLock } from '../../web/build/lock.mjs';

let folder;
let lock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-lock-'));
  lock = join(folder, 'deep/lock');
});
afterEach(() => rm(folder, { recursive: true }));

it('lets one at a time in', async () => {
  const log = [];
  const build = (name) =>
    withLock(lock, async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
    });
  await Promise.all([build('first'), build('second')]);
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

it('is given back after a failure', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
  expect(await withLock(lock, () => 'yes')).toBe('yes');
});

it('is taken from a process that has died', async () => {
  await withLock(lock, () => undefined); // makes the folder
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock, String(pid));
  expect(await withLock(lock, () => 'yes')).toBe('yes');
});
