import { constants, fstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { stderr, stdout } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { CliError } from './cli-error.js';
import { codeOf, writeAll } from './files.js';
import { note } from './terminal.js';

/** How often it is looked whether a pipe has a reader. */
const READER_MS = 100;

/** A device, a pipe or one of our own outputs: bytes go through it and cannot be replaced. */
export interface Stream {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The stream that a path leads to, or null when that is a regular file. */
export async function openStream(what: string, path: string, found: Stats): Promise<Stream | null> {
  const own = [stdout, stderr].find(({ fd }) => leadsTo(fd, found));
  if (own) {
    if (own.isTTY) throw terminalError(what);
    return { write: (bytes) => writeToOwn(own, bytes), close: async () => undefined };
  }
  if (found.isFile()) return null;
  if (found.isSocket()) throw new CliError(`${what} is a socket, expected a file, a pipe or a device`);
  const file = await (found.isFIFO() ? openWithReader(what, path) : openToWrite(path));
  if (isatty(file.fd)) {
    await file.close();
    throw terminalError(what);
  }
  return { write: (bytes) => writeAll(file, bytes, null), close: () => file.close() };
}

/** Whether a path and one of our outputs are the same, as /dev/stdout and 1. */
function leadsTo(fd: number, { dev, ino }: Stats): boolean {
  const open = fstatSync(fd);
  return open.dev === dev && open.ino === ino;
}

function terminalError(what: string): CliError {
  return new CliError(`${what} is a terminal, expected a file, a pipe or a device: a model cannot be read by people`);
}

function writeToOwn(own: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    own.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** Without waiting in a thread of its own, where nothing can end it. */
function openToWrite(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** Opening a pipe waits for its reader, as for everybody; it is said, and can be interrupted. */
async function openWithReader(what: string, path: string): Promise<FileHandle> {
  for (let told = false; ; told = true) {
    try {
      return await openToWrite(path);
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
    }
    if (!told) note(`unroll: ${what} is a pipe that nobody reads yet; waiting for its reader`);
    await setTimeout(READER_MS);
  }
}
