import { Engine, PreparedText } from '../engine/index.js';
import type { TrainingData } from '../engine/index.js';
import type { Fields, Read, Reader } from '../engine/internal.js';
import { copyOf, items, readFields, refuse, TaskData } from '../engine/internal.js';

/** What training with threads is given beside numbers and words, as plain data of our own (see `engine/arguments/fields.ts`). */

type All<Table extends Fields> = { readonly [Name in keyof Table]: ReturnType<Table[Name]> };

/** As `readFields()`, where only that may be left out of which the reader knows what to make. */
export function readAll<Table extends Fields>(who: string, value: unknown, table: Table): All<Table> {
  const read: Read<Table> = readFields(who, value, table);
  for (const name of Object.keys(table) as (keyof Table & string)[]) {
    if (!(name in read)) read[name] = table[name]!(`${who}: ${name}`, undefined) as ReturnType<Table[typeof name]>;
  }
  return read as All<Table>;
}

export const optional =
  <Value>(reader: Reader<Value>): Reader<Value | undefined> =>
  (where, value) =>
    value === undefined ? undefined : reader(where, value);

/** One of a class in truth: `getter` is one that no proxy, and nothing that has only the prototype, can answer. */
export function anInstance<Instance extends object>(
  type: abstract new (...args: never[]) => Instance,
  what: string,
  getter: keyof Instance,
): Reader<Instance> {
  return (where, value) => {
    try {
      if (value instanceof type && value[getter] !== undefined) return value;
    } catch {
      // It is none.
    }
    return refuse(where, value, what);
  };
}

export const anEngine = anInstance(Engine, 'an Engine', 'stopped');

export const aPreparedText: Reader<PreparedText> = (where, value) =>
  PreparedText.bytesOf(value) === undefined ? refuse(where, value, 'a PreparedText') : (value as PreparedText);

/** Prepared, of whatever task. */
export const someData: Reader<TrainingData> = (where, value) =>
  TaskData.is(value) ? value : aPreparedText(where, value);

/** More replicas than there can be are counted by those who know how many there are. */
const MOST_FILES = 2 ** 10;

/** Copies of the bytes of each replica. */
export const files: Reader<readonly Uint8Array<ArrayBuffer>[]> = (where, value) =>
  items(value, MOST_FILES, (file) => copyOf<Uint8Array<ArrayBuffer>>(Uint8Array, file)) ??
  refuse(where, value, 'an array of Uint8Arrays');
