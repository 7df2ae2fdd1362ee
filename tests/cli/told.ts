import { expect, vi } from 'vitest';
import { dispatch } from '../../web/cli/dispatch.js';

/** What a terminal would obey or nobody would see, but for the line breaks of our own. */
export const UNSEEN = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/u;

/** Everything that a command writes, in this process. */
export async function told(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation(((text: string, done?: () => void) => {
      out[name] += text;
      done?.();
      return true;
    }) as typeof process.stdout.write);
  }
  try {
    return { code: await dispatch(args), ...out };
  } finally {
    vi.restoreAllMocks();
  }
}

/** Nothing acts or hides, and nothing of others begins a line as we do. */
export function expectSafe({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(stdout + stderr).not.toMatch(UNSEEN);
  expect(stdout + stderr).not.toMatch(/^unroll: all is well/m);
}
