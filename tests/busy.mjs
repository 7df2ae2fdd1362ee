import { spawn } from 'node:child_process';

/** Loops for ever, unless the process that wants it so is gone. */
const LOOP = `const parent = process.ppid;
let look = Date.now();
for (;;) if (Date.now() > look + 1000) { look = Date.now(); if (process.ppid !== parent) process.exit(); }`;

/** Keeps the machine busy with so many loops while something is done, as on a machine with other work on it. */
export async function beside(count, work) {
  const loops = Array.from({ length: count }, () => spawn(process.execPath, ['-e', LOOP], { stdio: 'ignore' }));
  const stop = () => loops.forEach((loop) => loop.kill('SIGKILL'));
  process.once('exit', stop);
  try {
    return await work();
  } finally {
    process.off('exit', stop);
    stop();
  }
}
