import { readFile, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
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

/** How long a full pipe has to empty itself before the next try. */
const FULL_MS = 10;

/** Writes all bytes, from a position of a file or, with null, to a device or pipe: one call may take a part of them. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const at = position === null ? null : position + done;
    done += await file.write(bytes, done, bytes.length - done, at).then(
      ({ bytesWritten }) => bytesWritten,
      async (error: unknown) => {
        if (codeOf(error) !== 'EAGAIN') throw error;
        await setTimeout(FULL_MS);
        return 0;
      },
    );
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
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is larger than files may be here',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  ETXTBSY: 'it is a program that runs',
  ENXIO: 'there is no such device',
  EPIPE: 'its reader has gone',
  ERR_STREAM_DESTROYED: 'it was closed',
  EINVAL: 'the file system does not take it',
  ERR_INVALID_ARG_VALUE: 'no name of a file has a zero byte',
};

/** The code of an error of the system, as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** What an error of the system says, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? (error as Error).message : (REASONS[code] ?? code);
}

/** An error of the system as a sentence about what could not be read or written; other errors stay as they are. */
export function explain(error: unknown, what: string, verb: 'read' | 'written'): unknown {
  return codeOf(error) === undefined ? error : new CliError(`${what} cannot be ${verb}: ${reasonOf(error)}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
