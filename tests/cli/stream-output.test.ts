import { execFileSync, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Output } from '../../web/cli/output.js';
import { outcomeOf, start, temporaryFile, temporaryFolder, unroll } from './cli.js';

const TINY = ['--text', 'counting', '--hidden', '8', '--batch', '4', '--seq', '16', '--steps', '3'];

/** Only root can make a device to try. */
const isRoot = process.geteuid!() === 0;

describe('what is no regular file', () => {
  it.skipIf(!isRoot)('a device stays one (only root can make one to try)', async () => {
    const path = join(temporaryFolder(), 'null');
    execFileSync('mknod', [path, 'c', '1', '3']);
    const output = await Output.open('--out', path);
    await output.write(new Uint8Array(10));
    await output.close();
    expect(statSync(path).isCharacterDevice()).toBe(true);
    expect((await unroll('train', ...TINY, '--out', path)).code).toBe(0);
    expect(statSync(path).isCharacterDevice()).toBe(true);
  });

  it('a pipe is waited for until it has a reader, and gets more than it holds', async () => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const child = start(['train', ...TINY, '--layers', '8', '--embedding', '512', '--out', path]);
    const ended = outcomeOf(child);
    const told = await new Promise<string>((resolve) => child.stderr.once('data', (text: string) => resolve(text)));
    expect(told).toBe(`unroll: --out ${path} is a pipe that nobody reads yet; waiting for its reader\n`);
    const read = execFileSync('cat', [path], { maxBuffer: 2 ** 26 });
    expect((await ended).code).toBe(0);
    expect(read.length).toBeGreaterThan(2 ** 16);
    const copy = temporaryFile('model', read);
    expect((await unroll('generate', '--model', copy, '--length', '5')).code).toBe(0);
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it('a pipe may lose its reader, which is said as a failure', async () => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    spawn('head', ['-c', '1', path], { stdio: 'ignore' });
    const output = await Output.open('--out', path);
    await expect(output.write(new Uint8Array(2 ** 20))).rejects.toThrow(`--out ${path} cannot be written: its reader`);
    await output.close();
  });

  it('standard output is written through, behind what is printed', async () => {
    const child = start(['train', ...TINY, '--json', '--out', '/dev/stdout']);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    await new Promise((resolve) => child.on('close', resolve));
    expect(Buffer.concat(parts).includes('"__metadata__"')).toBe(true);
  });
});
