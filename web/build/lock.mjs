import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { say } from '../../cpp/toolchain/say.mjs';

/** Runs `action` while no other process holds the file `path`: `npm start` and `npm test` may well run side by side. */
export async function withLock(path, action) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path); told = true) {
    if (!told) say('Waiting for another build to finish');
    await wait(200);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether the lock is now ours. One whose process has died is taken away. */
function take(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = holderOf(path);
  if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
  return false;
}

/** The process that holds a lock, unless it has just gone or not yet signed. */
function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's
  }
}
