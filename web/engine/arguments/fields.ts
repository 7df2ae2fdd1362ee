import { UnrollError } from '../errors.js';
import type { ArrayClass } from './own.js';
import { copyOf, isOf, items, properties } from './own.js';
import { show } from './show.js';

/**
 * Values from outside as plain data of our own, checked for their type before they cross the boundary: embind turns NaN
 * into 0 and "7" into 7 without a word. Ranges are the engine's business, which checks them in one place for all callers.
 */

/** Checks one value, and throws `INVALID_ARGUMENT` that begins with `where` unless it is of the right type. */
export type Reader<Value> = (where: string, value: unknown) => Value;

export const aNumber: Reader<number> = (where, value) =>
  typeof value === 'number' ? value : refuse(where, value, 'a number');

export const aFlag: Reader<boolean> = (where, value) =>
  typeof value === 'boolean' ? value : refuse(where, value, 'true or false');

export const aString: Reader<string> = (where, value) =>
  typeof value === 'string' ? value : refuse(where, value, 'a string');

export const bytes: Reader<Uint8Array<ArrayBuffer>> = (where, value) => ownArray(where, value, Uint8Array);

export const float32s: Reader<Float32Array<ArrayBuffer>> = (where, value) => ownArray(where, value, Float32Array);

function ownArray<Numbers>(where: string, value: unknown, type: ArrayClass<Numbers>): Numbers {
  if (!isOf(type, value)) refuse(where, value, `a ${type.name}`);
  return copyOf(type, value) ?? refuse(where, value, `a ${type.name} that fits into memory twice`);
}

/** The caller's own array, to be read or written in place. */
export const aFloat32Array: Reader<Float32Array<ArrayBuffer>> = (where, value) =>
  isOf(Float32Array, value) ? (value as Float32Array<ArrayBuffer>) : refuse(where, value, 'a Float32Array');

/** What it does when it is called is its owner's business. */
export const aFunction: Reader<unknown> = (where, value) =>
  typeof value === 'function' ? value : refuse(where, value, 'a function');

/** Its properties are for `property()` to read. */
export const anObject: Reader<object> = (where, value) =>
  typeof value === 'object' && value !== null ? value : refuse(where, value, 'an object');

/** Whatever it is; looked at more closely once more is known. */
export const asGiven: Reader<unknown> = (_where, value) => value;

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

const ifNumber = (item: unknown): number | undefined => (typeof item === 'number' ? item : undefined);

/** An array of numbers, perhaps of a certain length. */
export function numbers(length?: number): Reader<number[]> {
  return (where, value) => {
    const own = items(value, length, ifNumber);
    if (own !== undefined && (length === undefined || own.length === length)) return own;
    return refuse(where, value, length === undefined ? 'an array of numbers' : `an array of ${length} numbers`);
  };
}

/** An array of whole numbers as the engine reads it; how to refuse another list, and one with a number that does not fit. */
export function wholeNumbers(
  value: unknown,
  fits: (entry: number) => boolean,
  refuseList: () => never,
  refuseEntry: (entry: unknown) => never,
): Int32Array {
  const own: ArrayLike<unknown> = copyOf(Int32Array, value) ?? items(value, undefined, (item) => item) ?? refuseList();
  for (let i = 0; i < own.length; i++) {
    const entry = own[i];
    if (!Number.isInteger(entry) || !fits(entry as number)) refuseEntry(entry);
  }
  return Int32Array.from(own as ArrayLike<number>);
}

export type Fields = Readonly<Record<string, Reader<unknown>>>;

/** What comes out of reading an object by a table of its fields. */
export type Read<Table extends Fields> = { -readonly [Name in keyof Table]?: ReturnType<Table[Name]> };

/**
 * A fresh plain object with the fields of `value` that are given, each checked. A field that the table does not know is
 * refused: a misspelled option that silently does nothing is the worst kind of mistake.
 */
export function readFields<Table extends Fields>(who: string, value: unknown, table: Table): Read<Table> {
  const given = properties(value) ?? refuse(`${who}: the options`, value, 'an object', 'are');
  const read: Record<string, unknown> = {};
  for (const [name, field] of given) {
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

export function refuse(where: string, value: unknown, expected: string, is = 'is'): never {
  throw new UnrollError('INVALID_ARGUMENT', `${where} ${is} ${show(value)}, expected ${expected}`);
}
