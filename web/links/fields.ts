import { DEFAULTS } from './run-config.js';
import type { RunConfig } from './run-config.js';

/** A value of a run in writing: its name in links and on the command line, and how it becomes text and back. */
export interface Field {
  readonly property: keyof RunConfig;
  readonly name: string;
  /** Total: what is no such value is handed on as it is, for the schema to refuse by name. */
  readonly parse: (written: string) => unknown;
  /** The one canonical way of writing a valid value. */
  readonly write: (value: never) => string;
}

/**
 * Decimal notation, no more: no hexadecimal, no "Infinity", no blanks. Each digit belongs to one part of the expression
 * only, or a long number that is none would take time by the square of its length.
 */
const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number in decimal notation; everything else comes back as it is. */
export function parseNumber(written: string): number | string {
  return DECIMAL.test(written) ? Number(written) : written;
}

function parseNumbers(written: string): readonly (number | string)[] {
  return written.split(',').map(parseNumber);
}

function parseSwitch(written: string): boolean | string {
  if (written === '1' || written === 'true') return true;
  return written === '0' || written === 'false' ? false : written;
}

/** The property's name as links and the command line write it: `evalEvery` is `eval-every`. */
export function writtenName(property: keyof RunConfig): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function field(property: keyof RunConfig): Field {
  const name = writtenName(property);
  const standard = DEFAULTS[property];
  if (typeof standard === 'number') return { property, name, parse: parseNumber, write: String };
  if (typeof standard === 'boolean') return { property, name, parse: parseSwitch, write: (on) => (on ? '1' : '0') };
  if (typeof standard === 'object') return { property, name, parse: parseNumbers, write: String };
  return { property, name, parse: (written) => written, write: String };
}

/** All fields in the alphabetical order in which a link has them. A text of one's own has a key of its own, `t`. */
export const FIELDS: readonly Field[] = (Object.keys(DEFAULTS) as (keyof RunConfig)[])
  .map(field)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => name));

/** The keys of a link that are not values of the run: version, seal, text of one's own, claim. */
const RESERVED_KEYS: ReadonlySet<string> = new Set(['v', 'k', 't', 'e']);

/** Whether a link's key has a meaning in this version. */
export function isKnownKey(key: string): boolean {
  return FIELD_NAMES.has(key) || RESERVED_KEYS.has(key);
}
