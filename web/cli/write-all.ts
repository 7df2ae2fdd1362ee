import type { FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { codeOf } from './files.js';

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
