import { show } from './show.js';

/**
 * What another value of a field makes of a run: another training; the same training at another pace (how long it goes on,
 * what is looked at when, and what can be turned while it goes on); or other samples of the same training.
 */
export type Change = 'training' | 'pace' | 'samples';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A value of a run, declared once: what it is when nobody says, what it may be, how it is written, and how it is explained. */
export interface Field<Value = unknown> {
  readonly standard: Value;
  readonly changes: Change;
  /** In links, and on the command line behind two dashes; that of the property unless it is given. */
  readonly word?: string;
  /** What stands for its value in the help, `N` or `FILE`; null for a switch. */
  readonly placeholder: string | null;
  /** A sentence that a form and the command line say of it. */
  readonly help: string;
  /** Whether it says what is learned from: each task has one such field. */
  readonly isData?: true;
  /** Whether it can be data of the reader's own, `{ own }`, which links carry under a key of its own, `t`. */
  readonly holdsOwn?: true;
  /** Total: what is no such value is handed on as it is, to be refused by name. */
  readonly parse: (written: string) => unknown;
  /** The one canonical way of writing a valid value. */
  write(value: Value): string;
  /** What is wrong with a value, behind its name, as in `is 0, expected ...`; null when it is one. */
  readonly problem: (value: unknown) => string | null;
}

/** A number, of any kind or whole, in a range whose ends are included. The engine has its own limits and refuses on its own. */
export interface NumberField extends Field<number> {
  /** Its name in a form. */
  readonly label: string;
  readonly range: Range;
  readonly isWhole: boolean;
}

/** The values of a table of fields. */
export type Values<Table> = { readonly [Key in keyof Table]: Table[Key] extends Field<infer Value> ? Value : never };

/** The names of its numbers. */
export type NumberKeyOf<Table> = { [Key in keyof Table]: Table[Key] extends NumberField ? Key : never }[keyof Table] &
  string;

/** What a field says of itself besides its value. */
type About = Pick<Field, 'help'> & Partial<Pick<Field, 'word' | 'placeholder' | 'changes' | 'isData'>>;

type AboutNumber = About & Pick<NumberField, 'label'>;

/** `changes` is `training` unless it says otherwise. */
/* @__NO_SIDE_EFFECTS__ */
export function field<Value>(
  standard: Value,
  about: About & Pick<Field<Value>, 'problem'> & Partial<Pick<Field<Value>, 'parse' | 'write' | 'holdsOwn'>>,
): Field<Value> {
  return { placeholder: 'TEXT', changes: 'training', parse: (written) => written, write: String, ...about, standard };
}

/* @__NO_SIDE_EFFECTS__ */
export const whole = (standard: number, min: number, max: number, about: AboutNumber): NumberField =>
  number(standard, { min, max }, true, { placeholder: 'N', ...about });

/* @__NO_SIDE_EFFECTS__ */
export const real = (standard: number, min: number, max: number, about: AboutNumber): NumberField =>
  number(standard, { min, max }, false, { placeholder: 'X', ...about });

function number(standard: number, range: Range, isWhole: boolean, about: AboutNumber): NumberField {
  const fits = (value: unknown) =>
    typeof value === 'number' && value >= range.min && value <= range.max && (!isWhole || Number.isInteger(value));
  const expected = describeNumber({ range, isWhole });
  return {
    ...field(standard, { ...about, parse: parseNumber, problem: unless(fits, expected) }),
    label: about.label,
    range,
    isWhole,
  };
}

/** A range as a sentence has it. */
export function describeNumber({ range, isWhole }: Pick<NumberField, 'range' | 'isWhole'>): string {
  return `a ${isWhole ? 'whole number' : 'number'} from ${range.min} to ${range.max}`;
}

/* @__NO_SIDE_EFFECTS__ */
export function choice<const Options extends readonly string[]>(
  options: Options,
  standard: Options[number],
  about: About,
): Field<Options[number]> {
  const problem = unless((value) => options.includes(value as string), `one of ${options.join(', ')}`);
  return field(standard, { placeholder: 'NAME', ...about, problem });
}

/** Off by default. */
/* @__NO_SIDE_EFFECTS__ */
export const toggle = (about: About): Field<boolean> =>
  field<boolean>(false, {
    placeholder: null,
    ...about,
    parse: parseSwitch,
    write: (on) => (on ? '1' : '0'),
    problem: unless((value) => typeof value === 'boolean', 'true or false'),
  });

/** The shares of the data for training, validation and test, in their order. They add up to 1. */
export type Split = readonly [train: number, validation: number, test: number];

/* @__NO_SIDE_EFFECTS__ */
export const shares = (standard: Split, about: About): Field<Split> =>
  field<Split>(Object.freeze(standard), {
    placeholder: 'A,B,C',
    ...about,
    parse: (written) => written.split(',').map(parseNumber),
    problem: unless(isSplit, 'three shares that add up to 1 with the first above 0, as in 0.9,0.05,0.05'),
  });

function isSplit(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((share) => typeof share === 'number' && share >= 0 && share <= 1) &&
    value[0] > 0 &&
    // 0.8 + 0.1 + 0.1 is not exactly 1 in binary; a billionth is far below one character of any text.
    Math.abs(value[0] + value[1] + value[2] - 1) <= 1e-9
  );
}

export function unless(fits: (value: unknown) => boolean, expected: string): Field['problem'] {
  return (value) => (fits(value) ? null : `is ${show(value)}, expected ${expected}`);
}

/** What is wrong with a text of any length; `String.prototype.isWellFormed` is what browsers of 2022 lack. */
export const halfPair = (text: string): string | null =>
  /\p{Surrogate}/u.test(text) ? 'has half a surrogate pair, expected whole characters' : null;

/**
 * Decimal notation, no more: no hexadecimal, no "Infinity", no blanks. Each digit belongs to one part of the expression
 * only, or a long number that is none would take time by the square of its length.
 */
const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number in decimal notation; everything else comes back as it is. */
export function parseNumber(written: string): number | string {
  return DECIMAL.test(written) ? Number(written) : written;
}

function parseSwitch(written: string): boolean | string {
  if (written === '1' || written === 'true') return true;
  return written === '0' || written === 'false' ? false : written;
}
