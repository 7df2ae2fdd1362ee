import { randomUUID } from 'node:crypto';
import { access, constants, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError } from './cli-error.js';

/**
 * The bytes of a file that a flag names.
 *
 * @throws CliError that says what is there instead.
 */
export async function readBytes(flag: string, path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new CliError(`${flag} ${path} has ${megabytes(size)}, expected at most ${megabytes(maxBytes)}`);
    }
    return await readFile(path);
  } catch (error) {
    throw explain(error, `${flag} ${path}`, 'read');
  }
}

/** Finds out before hours of work, rather than after them, that a file could not be written. */
export async function checkWritable(flag: string, path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) throw new CliError(`${flag} ${path} is a folder, expected the name of a file`);
  } catch (error) {
    throw explain(error, `${flag} ${path}`, 'written');
  }
}

/**
 * Writes a file whole or not at all: into a new file beside it, on to the disk, and only then in the place of an old one.
 *
 * @throws CliError; then the old file, if there was one, is untouched.
 */
export async function writeAtomically(flag: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw explain(error, `${flag} ${path}`, 'written');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, expected a file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function explain(error: unknown, what: string, verb: 'read' | 'written'): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error : new CliError(`${what} cannot be ${verb}: ${REASONS[code] ?? code}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
