import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The program as it is published. */
export const MAIN = fileURLToPath(new URL('../../build/lib/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NODE_OPTIONS: '' } });
}

/** Runs `unroll` as its own process, to its end. */
export function unroll(...args: readonly string[]): Promise<Outcome> {
  return outcomeOf(start(args));
}

/** Runs it where no file may have more than a kilobyte or two, which stands for a disk that is full. */
export function limited(...args: readonly string[]): Promise<Outcome> {
  const command = ['-c', 'ulimit -f 2; exec "$0" "$@"', process.execPath, MAIN, ...args];
  return outcomeOf(spawn('sh', command, { env: { ...process.env, NODE_OPTIONS: '' } }));
}

export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** The objects of `--json`, one a line; every line must be one. */
export function jsonLines({ stdout }: Outcome): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder for the test that calls this. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A file in a folder of its own. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}
