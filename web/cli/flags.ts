import { parseArgs } from 'node:util';
import { nearest } from '../links/nearest.js';
import { brief, show } from '../links/show.js';
import { UsageError } from './cli-error.js';

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  /** What stands for its value in the help, `N` or `FILE`; null for a switch. */
  readonly value: string | null;
  readonly help: string;
  /** It may be there several times, and its values are in `lists`. */
  readonly many?: true;
}

/** What was written on a command line: flags with their values (a switch has an empty one), and the rest. */
export interface ParsedFlags {
  readonly flags: ReadonlyMap<string, string>;
  /** All values of each flag that may be there several times, in their order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * Reads flags strictly: unknown ones, repeated ones, values that are missing and values that are not expected are all
 * refused, because each of them would start something else than what was meant.
 *
 * @throws UsageError
 */
export function parseFlags(args: readonly string[], allowed: readonly Flag[]): ParsedFlags {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      allowed.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = allowed.find(({ name }) => name === token.name);
    if (!flag) throw new UsageError(`${brief(token.rawName)} is not known${suggest(token.name, allowed)}`);
    const value = readValue(flag, token.value, token.inlineValue);
    if (flag.many) {
      lists.set(flag.name, [...(lists.get(flag.name) ?? []), value]);
      continue;
    }
    if (flags.has(flag.name)) throw new UsageError(`--${flag.name} is there twice`);
    flags.set(flag.name, value);
  }
  return { flags, lists, positionals };
}

function readValue(flag: Flag, value: string | undefined, inline: boolean | undefined): string {
  if (flag.value === null) {
    if (value !== undefined) throw new UsageError(`--${flag.name} is a switch and takes no value, got ${show(value)}`);
    return '';
  }
  // "--out --json" forgot the value of --out; a value that begins with dashes is written --prompt=--x.
  if (value === undefined || (!inline && value.startsWith('--'))) {
    throw new UsageError(`--${flag.name} needs a value, as in --${flag.name} ${flag.value}`);
  }
  return value;
}

function suggest(name: string, allowed: readonly Flag[]): string {
  const meant = nearest(
    name,
    allowed.map((flag) => flag.name),
  );
  return meant ? `; did you mean --${meant}?` : '';
}

/** The value of a flag that must be there. */
export function required(flags: ReadonlyMap<string, string>, name: string, placeholder: string): string {
  const value = flags.get(name);
  if (value === undefined) throw new UsageError(`--${name} ${placeholder} is missing`);
  return value;
}
