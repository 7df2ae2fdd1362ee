import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, join, resolve, sep } from 'node:path';
import { CliError } from './cli-error.js';
import { codeOf, explain } from './files.js';
import { RegularFile, writeNew } from './regular-file.js';
import { openStream } from './stream-output.js';
import type { Stream } from './stream-output.js';
import { note } from './terminal.js';

/**
 * What a flag's name leads to, opened before hours of work.
 *
 * A regular file is replaced as a whole or not at all, behind all links, and keeps its mode and owner. Anything else, a
 * device, a pipe or /dev/stdout, is written through and stays what it is.
 */
export class Output {
  private constructor(
    private readonly what: string,
    readonly path: string,
    private readonly stream: Stream | null,
  ) {}

  /** @throws CliError when it cannot be written, whatever the reason. */
  static async open(flag: string, path: string): Promise<Output> {
    const what = `${flag} ${path}`;
    if (path === '') throw new CliError(`${flag} is empty, expected the name of a file`);
    if (path === '-') {
      throw new CliError(`${what} is not taken for standard output, where the results go; a file of that name is ./-`);
    }
    try {
      const found = await find(path);
      if (!found && path.endsWith(sep)) throw new CliError(`${what} is no folder that is there, expected a file`);
      const stream = found && (await openStream(what, path, found));
      if (!stream) await (await RegularFile.at(path, found)).probe();
      return new Output(what, path, stream);
    } catch (error) {
      throw explain(error, what, 'written');
    }
  }

  /** Whether a later `write()` takes the place of an earlier one, rather than to follow it. */
  get replaces(): boolean {
    return this.stream === null;
  }

  /**
   * Writes whole or not at all; may be called many times.
   *
   * @throws CliError; then an old file is as it was.
   */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      if (this.stream) return await this.stream.write(bytes);
      // Looked at again: in hours a file may have got another mode, or a link in its place.
      const found = await find(this.path);
      if (found && !found.isFile()) throw new CliError(`${this.what} was a file and is none any more`);
      await (await RegularFile.at(this.path, found)).write(bytes);
    } catch (error) {
      throw explain(error, this.what, 'written');
    }
  }

  async close(): Promise<void> {
    await this.stream?.close();
  }
}

/**
 * Writes, and when that fails says so and writes a new file into the first folder that takes one. Resolves to the path
 * of what was written.
 *
 * @throws CliError of the output itself when no folder does.
 */
export async function saveSomewhere(
  output: Output,
  bytes: Uint8Array,
  alternatives: readonly string[],
): Promise<string> {
  try {
    await output.write(bytes);
    return output.path;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // A device's own name says nothing about what is in the file.
    const name = output.replaces ? basename(output.path) : 'model.safetensors';
    for (const folder of alternatives) {
      const path = await writeInto(resolve(folder), name, bytes).catch(() => null);
      if (path === null) continue;
      note(`unroll: ${error.message}; saved in ${path} instead`);
      return path;
    }
    throw error;
  }
}

/** A new file of that name, or with a number behind it: what is there already was not meant. */
async function writeInto(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const extension = extname(name);
  const stem = basename(name, extension);
  for (let copy = 1; ; copy++) {
    const path = join(folder, copy === 1 ? name : `${stem}-${copy}${extension}`);
    try {
      await writeNew(path, bytes);
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** What is behind all links, or null when there is nothing yet. */
function find(path: string): Promise<Stats | null> {
  return stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
}
