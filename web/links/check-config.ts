import * as v from 'valibot';
import { TEXTS } from '../corpora/catalogue.js';
import { writtenName } from './fields.js';
import { LinkError } from './link-error.js';
import { plainProperties } from './plain.js';
import { CELLS, DEFAULTS, LIMITS, MAX_PROMPT_LENGTH, OPTIMIZERS } from './run-config.js';
import type { NumberKey, RunConfig } from './run-config.js';
import { show } from './show.js';

/** One value that was refused: whose it is, and a sentence to show beside its control. */
export interface ConfigProblem {
  readonly key: keyof RunConfig;
  readonly message: string;
}

/** Every problem of a configuration, at most one for each key; none means that it is a `RunConfig`. */
export function findProblems(config: unknown): readonly ConfigProblem[] {
  const result = v.safeParse(RunConfigSchema, plainProperties(config));
  if (result.success) return [];
  return result.issues.map((issue) => ({
    key: issue.path?.[0]?.key as keyof RunConfig,
    message: issue.message,
  }));
}

/** Values that are not checked yet, for some of a run's keys. */
export type ConfigValues = { -readonly [Key in keyof RunConfig]?: unknown };

/**
 * A whole configuration from the values that differ from the defaults.
 *
 * @throws LinkError `INVALID_CONFIG`, naming every value that is out of range.
 */
export function completeConfig(values: Readonly<ConfigValues>): RunConfig {
  const own = plainProperties(values);
  if (own === null)
    throw new LinkError('INVALID_CONFIG', `a run is ${show(values)}, expected an object with its values`);
  const result = v.safeParse(RunConfigSchema, { ...DEFAULTS, ...own });
  if (result.success) return result.output;
  throw new LinkError('INVALID_CONFIG', result.issues.map((issue) => issue.message).join('; '));
}

/** The ranges of `LIMITS` as a sentence, used in refusals and in the command line's help. */
export function describeRange(key: NumberKey): string {
  if (typeof key !== 'string' || !Object.hasOwn(LIMITS, key)) {
    throw new LinkError('INVALID_CONFIG', `a run has no number called ${show(key)}`);
  }
  const { min, max } = LIMITS[key];
  return `a ${WHOLE.has(key) ? 'whole number' : 'number'} from ${min} to ${max}`;
}

const WHOLE: ReadonlySet<NumberKey> = new Set([
  'hidden',
  'layers',
  'embedding',
  'batch',
  'seq',
  'steps',
  'seed',
  'workers',
  'evalEvery',
  'sampleEvery',
  'sampleSeed',
  'sampleLength',
] as const);

type Got = { readonly input: unknown };

function sentence(key: keyof RunConfig, expected: string): (issue: Got) => string {
  return (issue) => `${writtenName(key)} is ${show(issue.input)}, expected ${expected}`;
}

/** -0 equals 0 but is written differently by some; one run must have one link, so it becomes 0. */
const withoutNegativeZero = v.transform((value: number) => value + 0);

function number(key: NumberKey) {
  const { min, max } = LIMITS[key];
  const fits = (value: unknown) =>
    typeof value === 'number' && value >= min && value <= max && (!WHOLE.has(key) || Number.isInteger(value));
  return v.pipe(v.custom<number>(fits, sentence(key, describeRange(key))), withoutNegativeZero);
}

function choice<const Options extends readonly string[]>(key: keyof RunConfig, options: Options) {
  return v.picklist(options, sentence(key, `one of ${options.join(', ')}`));
}

/** `String.prototype.isWellFormed`, which browsers of 2022 lack. */
const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);

const OwnText = v.strictObject({
  own: v.pipe(
    v.string(sentence('text', 'text')),
    v.nonEmpty('text is empty, expected at least a few hundred characters'),
    v.check(isWellFormed, 'text has half a surrogate pair, expected whole characters'),
  ),
});

const Text = v.union(
  [v.picklist(TEXTS.map((text) => text.id)), OwnText],
  sentence('text', `one of ${TEXTS.map((text) => text.id).join(', ')}, or a text of your own`),
);

const isSplit = (value: unknown): value is RunConfig['split'] =>
  Array.isArray(value) &&
  value.length === 3 &&
  value.every((share) => typeof share === 'number' && share >= 0 && share <= 1) &&
  value[0] > 0 &&
  // 0.8 + 0.1 + 0.1 is not exactly 1 in binary; a billionth is far below one character of any text.
  Math.abs(value[0] + value[1] + value[2] - 1) <= 1e-9;

const SPLIT_RULE = 'three shares that add up to 1 with the first above 0, as in 0.9,0.05,0.05';

const RunConfigSchema: v.GenericSchema<unknown, RunConfig> = v.strictObject(
  {
    text: Text,
    cell: choice('cell', CELLS),
    hidden: number('hidden'),
    layers: number('layers'),
    embedding: number('embedding'),
    dropout: number('dropout'),
    forgetBias: number('forgetBias'),
    batch: number('batch'),
    seq: number('seq'),
    steps: number('steps'),
    lr: number('lr'),
    optimizer: choice('optimizer', OPTIMIZERS),
    clip: number('clip'),
    seed: number('seed'),
    split: v.custom<RunConfig['split']>(isSplit, sentence('split', SPLIT_RULE)),
    workers: number('workers'),
    evalEvery: number('evalEvery'),
    sampleEvery: number('sampleEvery'),
    prompt: v.pipe(
      v.string(sentence('prompt', 'text')),
      v.maxLength(MAX_PROMPT_LENGTH, sentence('prompt', `at most ${MAX_PROMPT_LENGTH} characters`)),
      v.check(isWellFormed, 'prompt has half a surrogate pair, expected whole characters'),
    ),
    temperature: number('temperature'),
    sampleSeed: number('sampleSeed'),
    sampleLength: number('sampleLength'),
    greedy: v.boolean(sentence('greedy', 'true or false')),
    fast: v.boolean(sentence('fast', 'true or false')),
  },
  (issue) => `a run has no value called ${show(issue.path?.[0]?.key)}`,
);
