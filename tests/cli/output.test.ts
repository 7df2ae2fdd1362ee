import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CliError } from '../../web/cli/cli-error.js';
import { Output } from '../../web/cli/output.js';
import { temporaryFolder, unroll } from './cli.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const TINY = ['--text', 'counting', '--hidden', '8', '--batch', '4', '--seq', '16', '--steps', '3'];

/** Root may do anything, so that some refusals can be met by others only; and only root can make some things. */
const isRoot = process.geteuid!() === 0;

/** Does something as a user who may not do everything. */
async function asNobody<T>(action: () => Promise<T>): Promise<T> {
  if (isRoot) process.seteuid!(65534);
  try {
    return await action();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

async function save(path: string, text = 'new'): Promise<void> {
  const output = await Output.open('--out', path);
  await output.write(bytes(text));
  await output.close();
}

/** A refusal of `Output.open`, which leaves the folder as it was. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await Output.open('--out', path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CliError);
  expect((error as CliError).message).toMatch(/^--out .*[a-z]/s);
  return (error as CliError).message;
}

describe('a place that cannot be written', () => {
  it('is refused before there is anything to write, with a reason', async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at('file'), 'old');
    symlinkSync('none/model', at('into-nothing'));
    symlinkSync('circle', at('circle'));
    symlinkSync('.', at('to-folder'));
    const server = createServer().listen(at('socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const before = readdirSync(folder);
    for (const [path, says] of [
      ['', 'is empty, expected the name of a file'],
      ['-', 'a file of that name is ./-'],
      [folder, 'it is a folder'],
      [at('to-folder'), 'it is a folder'],
      [at('none/model'), 'there is no such file or folder'],
      [at('new/'), 'is no folder that is there'],
      [at('file/'), 'a part of its path is not a folder'],
      [at('file/model'), 'a part of its path is not a folder'],
      [at('into-nothing'), 'there is no such file or folder'],
      [at('circle'), 'its links lead in a circle'],
      [at('x'.repeat(300)), 'its name is too long'],
      [at('a\0b'), 'zero byte'],
      [at('socket'), 'is a socket'],
      ['/proc/model', 'there is no such file or folder'],
    ] as const) {
      expect(await refusal(path), path).toContain(says);
    }
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(at('file'), 'utf8')).toBe('old');
  });

  it('because it is not permitted', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    writeFileSync(join(folder, 'old'), 'old');
    chmodSync(join(folder, 'old'), 0o444);
    await asNobody(async () => {
      expect(await refusal(join(folder, 'new'))).toContain('permission is denied');
      expect(await refusal(join(folder, 'old'))).toContain('permission is denied');
    });
    chmodSync(folder, 0o755);
    expect(readdirSync(folder)).toEqual(['old']);
  });

  it.each(['', '-', '/proc/model'])('stops the program before it trains: %j', async (out) => {
    const outcome = await unroll('train', ...TINY, `--out=${out}`);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^unroll train: --out .*\n$/);
  });
});

describe('a regular file', () => {
  it('is new with the usual mode, and there is nothing before and nothing beside it', async () => {
    const path = join(temporaryFolder(), 'x'.repeat(255));
    const umask = process.umask(0o027);
    onTestFinished(() => void process.umask(umask));
    const output = await Output.open('--out', path);
    expect(existsSync(path)).toBe(false);
    await output.write(bytes('one'));
    await output.write(bytes('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(join(path, '..'))).toHaveLength(1);
  });

  it('is replaced by another that has its mode and owner', async () => {
    const path = join(temporaryFolder(), 'model');
    writeFileSync(path, 'old');
    if (isRoot) chownSync(path, 1234, 4321);
    chmodSync(path, 0o604);
    const before = statSync(path);
    await save(path);
    const { ino, mode, uid, gid } = statSync(path);
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
    expect(ino).not.toBe(before.ino);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('is found behind links, which keep leading where they led', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/model'), 'old');
    symlinkSync('real', join(folder, 'folder'));
    symlinkSync('folder/model', join(folder, 'first'));
    symlinkSync(join(folder, 'first'), join(folder, 'second'));
    await save(join(folder, 'second'));
    expect(readFileSync(join(folder, 'real/model'), 'utf8')).toBe('new');
    expect(['first', 'second'].map((name) => readlinkSync(join(folder, name)))).toEqual([
      'folder/model',
      join(folder, 'first'),
    ]);
    expect(readdirSync(join(folder, 'real'))).toEqual(['model']);
  });

  it('is made where a link leads that leads to nothing yet', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real/model', join(folder, 'link'));
    await save(join(folder, 'link'));
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real/model'), 'utf8')).toBe('new');
  });

  it('that has two names has the same content under both', async () => {
    const path = join(temporaryFolder(), 'model');
    writeFileSync(path, 'older and longer');
    linkSync(path, `${path}-too`);
    await save(path);
    expect(readFileSync(`${path}-too`, 'utf8')).toBe('new');
    expect(statSync(path).ino).toBe(statSync(`${path}-too`).ino);
  });

  it.each([0o555, 0o777])('of another owner keeps it, in a folder of mode %o', async (mode) => {
    const folder = temporaryFolder();
    const path = join(folder, 'model');
    writeFileSync(path, 'older and longer');
    chmodSync(path, 0o666);
    chmodSync(folder, mode);
    const { uid, gid } = statSync(path);
    await asNobody(() => save(path));
    chmodSync(folder, 0o755);
    expect(statSync(path)).toMatchObject({ uid, gid });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['model']);
  });

  it('may change its mode, or be taken away with its folder, while a model is trained', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model');
    writeFileSync(path, 'old');
    const output = await Output.open('--out', path);
    chmodSync(path, 0o600);
    await output.write(bytes('new'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const gone = await Output.open('--out', join(folder, 'model'));
    execFileSync('rm', ['-r', path]);
    mkdirSync(path);
    await expect(gone.write(bytes('new'))).rejects.toThrow('was a file and is none any more');
  });
});
