import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Output, saveSomewhere } from '../../web/cli/output.js';
import { uninterrupted } from '../../web/cli/interruptions.js';
import { limited, temporaryFolder, unroll } from './cli.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const TINY = ['--text', 'counting', '--hidden', '8', '--batch', '4', '--seq', '16', '--steps', '3'];

describe('a signal while a file is written', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  afterAll(() => kill.mockRestore());
  const arrives = async () => void process.emit('SIGHUP', 'SIGHUP');

  it('ends the program when that is whole', async () => {
    await uninterrupted(async () => {
      await arrives();
      expect(kill).not.toHaveBeenCalled();
    });
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGHUP');
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });

  it('is left to whoever takes care of it, if only once', async () => {
    kill.mockClear();
    const handler = vi.fn();
    process.once('SIGHUP', handler);
    await uninterrupted(arrives);
    expect(handler).toHaveBeenCalledOnce();
    expect(kill).not.toHaveBeenCalled();
  });
});

describe('a save that fails', () => {
  const full = '/dev/full';

  it('leaves an old file as it was', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model');
    writeFileSync(path, 'old');
    const outcome = await limited('train', ...TINY, '--out', path);
    expect(outcome.stderr).toContain('larger than files may be here');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['model']);
    linkSync(path, `${path}-too`);
    expect((await limited('train', ...TINY, '--out', path)).code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it.skipIf(!existsSync(full))(
    'is said, and goes into the first folder that takes it, beside what is there',
    async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'model.safetensors'), 'another');
      const output = await Output.open('--out', full);
      const path = await saveSomewhere(output, bytes('new'), [join(folder, 'none'), folder, '/']);
      expect(path).toBe(join(folder, 'model-2.safetensors'));
      expect(readFileSync(path, 'utf8')).toBe('new');
      expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('another');
      await expect(saveSomewhere(output, bytes('new'), [join(folder, 'none')])).rejects.toThrow('the disk is full');
      await output.close();
    },
  );

  it.skipIf(!existsSync(full))('ends with exit code 1, and the model is beside the text', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'text.txt'), 'one two three four five six seven. '.repeat(40));
    const kept = await unroll('train', ...TINY.slice(2), '--out', full, '--text', join(folder, 'text.txt'));
    const path = join(folder, 'model.safetensors');
    expect(kept.stderr).toBe(`unroll: --out ${full} cannot be written: the disk is full; saved in ${path} instead\n`);
    expect(kept.code).toBe(1);
    expect((await unroll('generate', '--model', path, '--length', '5')).code).toBe(0);
  });
});
