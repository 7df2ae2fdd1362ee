import { readFile } from 'node:fs/promises';
import type { Command } from './command.js';
import type { Flag } from './flags.js';
import { bold, line } from './terminal.js';
import type { Line } from './terminal.js';

export function overview(commands: readonly Command[]): Line[] {
  return [
    'Unroll trains small recurrent networks to read and write text, one character at a time.',
    '',
    ...commands.map(({ name, summary }) => line`  ${bold(`unroll ${name.padEnd(9)}`)} ${summary}`),
    '',
    'unroll <command> --help shows the flags of a command; unroll --version shows the version.',
  ];
}

export function commandHelp({ name, usage, summary, flags, notes }: Command): Line[] {
  return [
    bold(`unroll ${name} ${usage}`),
    '',
    summary,
    '',
    ...table([...flags, HELP_FLAG]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

export const HELP_FLAG: Flag = { name: 'help', value: null, help: 'show this' };

function table(flags: readonly Flag[]): string[] {
  const names = flags.map(({ name, value }) => (value === null ? `--${name}` : `--${name} ${value}`));
  const width = Math.max(...names.map((name) => name.length));
  return flags.map(({ help }, index) => `  ${names[index]!.padEnd(width)}  ${help}`);
}

/** The version in the package that this file is part of, two folders up or, in a checkout's build, three. */
export async function packageVersion(): Promise<string> {
  for (const path of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => null);
    if (text !== null) return (JSON.parse(text) as { version: string }).version;
  }
  throw new Error('package.json is missing from this installation');
}
