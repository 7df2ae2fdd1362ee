import { readFile } from 'node:fs/promises';

/** The version in the package that this file is part of, two folders up or, in a checkout's build, three. */
export async function packageVersion(): Promise<string> {
  for (const path of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => null);
    if (text !== null) return (JSON.parse(text) as { version: string }).version;
  }
  throw new Error('package.json is missing from this installation');
}
