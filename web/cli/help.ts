import type { Command } from './command.js';
import type { Flag } from './flags.js';
import { bold } from './terminal.js';

export function overview(commands: readonly Command[]): string {
  return [
    'Unroll trains small recurrent networks to read and write text, one character at a time.',
    '',
    ...commands.map(({ name, summary }) => `  ${bold(`unroll ${name.padEnd(9)}`)} ${summary}`),
    '',
    'unroll <command> --help shows the flags of a command; unroll --version shows the version.',
  ].join('\n');
}

export function commandHelp({ name, usage, summary, flags, notes }: Command): string {
  return [
    bold(`unroll ${name} ${usage}`),
    '',
    summary,
    '',
    ...table([...flags, HELP_FLAG]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

export const HELP_FLAG: Flag = { name: 'help', value: null, help: 'show this' };

function table(flags: readonly Flag[]): string[] {
  const names = flags.map(({ name, value }) => (value === null ? `--${name}` : `--${name} ${value}`));
  const width = Math.max(...names.map((name) => name.length));
  return flags.map(({ help }, index) => `  ${names[index]!.padEnd(width)}  ${help}`);
}
