import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, readlink, realpath, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, writeAll } from './files.js';
import { uninterrupted } from './interruptions.js';

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/** What says that a file cannot be replaced by another here, though it may be written: a mount, a folder, an owner. */
const NOT_REPLACEABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']);

/** A regular file at its real place, that is behind all links; `old` is what is there, or null. */
export class RegularFile {
  private constructor(
    private readonly real: string,
    private readonly old: Stats | null,
  ) {}

  static async at(path: string, old: Stats | null): Promise<RegularFile> {
    // A file that was deleted while a process holds it has no real place: it is written where it was found.
    const real = old ? await realpath(path).catch(() => path) : await endOfLinks(path);
    return new RegularFile(real, old);
  }

  /** Opens what `write()` will open, and leaves all as it was. */
  async probe(): Promise<void> {
    const file = await open(this.real, this.old ? 'r+' : 'wx');
    await file.close();
    if (!this.old) await rm(this.real);
  }

  /**
   * Puts the bytes in the place of the old ones, whole or not at all. Where nothing speaks against it that is a new file,
   * with the mode and owner of the old one and on to the disk before it takes its name. One that has several names, or
   * that cannot be replaced as it stands in the way of a mount, a folder or an owner, is written in place: a failure
   * puts the old bytes back, only a loss of power between could leave half of it.
   */
  async write(bytes: Uint8Array): Promise<void> {
    await uninterrupted(async () => {
      if (this.old && this.old.nlink !== 1) return this.overwrite(bytes);
      try {
        await this.replace(bytes);
      } catch (error) {
        if (!this.old || !NOT_REPLACEABLE.has(codeOf(error) ?? '')) throw error;
        await this.overwrite(bytes);
      }
    });
  }

  private async replace(bytes: Uint8Array): Promise<void> {
    const folder = dirname(this.real);
    // Not made of the file's name, which may be as long as names can be.
    const temporary = join(folder, `.unroll-${randomUUID()}.tmp`);
    const remove = () => rmSync(temporary, { force: true });
    process.on('exit', remove);
    try {
      const file = await open(temporary, 'wx');
      await finish(file, async () => {
        if (this.old) await dressAs(file, this.old);
        await writeAll(file, bytes, 0);
      });
      await rename(temporary, this.real);
      await syncFolder(folder);
    } finally {
      process.off('exit', remove);
      remove();
    }
  }

  private async overwrite(bytes: Uint8Array): Promise<void> {
    const file = await open(this.real, 'r+');
    await finish(file, async () => {
      const before = await file.readFile();
      try {
        await setContent(file, bytes);
      } catch (error) {
        await setContent(file, before);
        throw error;
      }
    });
  }
}

/** Creates a file that must not be there yet, whatever else has its name. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await finish(file, () => writeAll(file, bytes, 0));
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Writes, waits for the disk, and closes. */
async function finish(file: FileHandle, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    await file.sync();
  } finally {
    await file.close();
  }
}

async function setContent(file: FileHandle, bytes: Uint8Array): Promise<void> {
  await writeAll(file, bytes, 0);
  await file.truncate(bytes.length);
}

async function dressAs(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o7777);
}

/** A name is on the disk when its folder is. Where folders cannot be opened for that there is no more to be done. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/** Where a link leads that leads to nothing yet: there the file will be, as when a shell opens it. */
async function endOfLinks(path: string): Promise<string> {
  let name = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const real = join(await realpath(dirname(name)), basename(name));
    const next = await readlink(real).catch(() => null);
    if (next === null) return real;
    name = resolve(dirname(real), next);
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}
