import { spawn, spawnSync } from 'node:child_process';

import { SetupError } from './say.mjs';

/** Runs a command and returns what it printed. Throws a SetupError with the end of its output when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
    env: { ...process.env, ...options.env },
  });
  if (result.error) throw new SetupError(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    const output = `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-60).join('\n');
    throw new SetupError(
      `${command} ${args.join(' ')} failed with status ${result.status ?? result.signal}:\n${output}`,
    );
  }
  return result.stdout;
}

/** Runs a program to its end beside others; resolves to how it ended, null when it was killed, and what it printed. */
export function start(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Whether a program is on the PATH. */
export function has(program) {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
}
