import { UnrollError } from './errors.js';
import { show } from './show.js';

/**
 * Values from outside, checked for their type before they cross the boundary: embind turns NaN into 0 and "7" into 7
 * without a word. Ranges are the engine's business, which checks them in one place for all callers.
 */

/** Checks one value, and throws `INVALID_ARGUMENT` that begins with `where` unless it is of the right type. */
export type Reader<Value> = (where: string, value: unknown) => Value;

export const aNumber: Reader<number> = (where, value) =>
  typeof value === 'number' ? value : refuse(where, value, 'a number');

export const aFlag: Reader<boolean> = (where, value) =>
  typeof value === 'boolean' ? value : refuse(where, value, 'true or false');

export const aString: Reader<string> = (where, value) =>
  typeof value === 'string' ? value : refuse(where, value, 'a string');

export const bytes: Reader<Uint8Array> = (where, value) =>
  value instanceof Uint8Array ? value : refuse(where, value, 'a Uint8Array');

export const anObject: Reader<object> = (where, value) =>
  typeof value === 'object' && value !== null ? value : refuse(where, value, 'an object');

/** A whole number of at least `low`. */
export function wholeFrom(low: number): Reader<number> {
  return (where, value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= low
      ? value
      : refuse(where, value, `a whole number from ${low} on`);
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[]): Reader<Word> {
  return (where, value) => words.find((word) => word === value) ?? refuse(where, value, words.join(', '));
}

/** An array of numbers of a certain length. */
export function numbers<Length extends number>(length: Length): Reader<number[]> {
  return (where, value) =>
    Array.isArray(value) && value.length === length && value.every((entry) => typeof entry === 'number')
      ? [...value]
      : refuse(where, value, `an array of ${length} numbers`);
}

export type Fields = Readonly<Record<string, Reader<unknown>>>;

/** What comes out of reading an object by a table of its fields. */
export type Read<Table extends Fields> = { -readonly [Name in keyof Table]?: ReturnType<Table[Name]> };

/**
 * A fresh plain object with the fields of `value` that are given, each checked. A field that the table does not know is
 * refused: a misspelled option that silently does nothing is the worst kind of mistake.
 */
export function readFields<Table extends Fields>(who: string, value: unknown, table: Table): Read<Table> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnrollError('INVALID_ARGUMENT', `${who}: the options are ${show(value)}, expected an object`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const reader = Object.hasOwn(table, name) ? table[name] : undefined;
    if (reader === undefined) {
      const known = Object.keys(table).join(', ');
      throw new UnrollError('INVALID_ARGUMENT', `${who}: there is no option ${show(name)}; there are ${known}`);
    }
    read[name] = reader(`${who}: ${name}`, field);
  }
  return read as Read<Table>;
}

export function refuse(where: string, value: unknown, expected: string): never {
  throw new UnrollError('INVALID_ARGUMENT', `${where} is ${show(value)}, expected ${expected}`);
}
