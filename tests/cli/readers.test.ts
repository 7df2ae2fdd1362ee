import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { noteMistake } from '../../web/cli/mistakes.js';
import { createEngine } from '../../web/engine/index.js';
import { MAIN, outcomeOf, start, temporaryFile, temporaryFolder, unroll } from './cli.js';

const TINY = ['--text', 'counting', '--hidden', '8', '--batch', '4', '--seq', '16', '--steps', '3'];
const engine = await createEngine();

const MODEL = (() => {
  using trainer = engine.createTrainer({ hiddenSize: 64, batchSize: 2, seqLen: 8 }, 'abc '.repeat(60));
  using model = trainer.model();
  return engine.saveModel(model);
})();

/** Hours of work, if nothing stops it. */
const endless = () => ['generate', '--model', temporaryFile('model', MODEL), '--prompt', 'a', '--length', '10000000'];

describe('a text that nobody reads on', () => {
  it('is not written on', async () => {
    const child = start(endless());
    const ended = outcomeOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with %s', async (signal) => {
    const child = start(endless());
    child.stdout.once('data', () => child.kill(signal));
    await new Promise((resolve) => child.on('close', resolve));
    expect(child.signalCode).toBe(signal);
  });
});

const full = '/dev/full';

describe.skipIf(!existsSync(full))('an output that cannot be written', () => {
  /** Runs it with one of its outputs on a device that is always full. */
  async function intoFull(output: 1 | 2, ...args: readonly string[]): Promise<{ code: number | null; other: string }> {
    const device = openSync(full, 'w');
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    stdio[output] = device;
    const child = spawn(process.execPath, [MAIN, ...args], { stdio });
    closeSync(device);
    let other = '';
    child.stdio[output === 1 ? 2 : 1]!.on('data', (part: Buffer) => (other += part.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, other };
  }

  const says = 'unroll: standard output cannot be written: the disk is full\n';

  it.each([[TINY], [[...TINY, '--json']]])('costs no model, and is said once: %j', async (flags) => {
    const out = join(temporaryFolder(), 'model.safetensors');
    expect(await intoFull(1, 'train', ...flags, '--out', out)).toEqual({ code: 1, other: says });
    expect((await unroll('generate', '--model', out, '--length', '5')).code).toBe(0);
  });

  it('ends what has nothing else to do', async () => {
    const long = ['train', ...TINY.slice(0, -1), '1000000'];
    for (const args of [endless(), long, ['--help']]) {
      expect(await intoFull(1, ...args)).toEqual({ code: 1, other: says });
    }
  });

  /** A run of which something is said on standard error: its link has something behind it. */
  const remarked = async (...args: string[]) => ['run', `${(await unroll('link', ...TINY)).stdout.trim()}).`, ...args];

  it('for remarks does not keep from training and saving; the exit code tells', async () => {
    const out = join(temporaryFolder(), 'model.safetensors');
    const { code, other } = await intoFull(2, ...(await remarked('--json', '--out', out)));
    expect(code).toBe(1);
    expect(other).toContain('"fingerprint"');
    expect(existsSync(out)).toBe(true);
  });

  it('for remarks that nobody reads is not missed', async () => {
    const out = join(temporaryFolder(), 'model.safetensors');
    const child = start(await remarked('--json', '--out', out));
    child.stderr.destroy();
    child.stdout.resume();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(existsSync(out)).toBe(true);
  });
});

describe('a mistake of ours', () => {
  it('is told in lines that can all be seen', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    noteMistake('unroll run', new Error('a\x1b]0;title\x07'));
    const lines = written.mock.calls.map(([text]) => text as string);
    written.mockRestore();
    expect(lines[0]).toBe('unroll run: an error of our own: Error: a\\x1b]0;title\\x07\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
  });
});
