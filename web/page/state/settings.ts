import { findProblems } from '../../links/check-config.js';
import { parseNumber as parseDecimal } from '../../links/fields.js';
import type { Change } from '../../links/fields.js';
import { DEFAULTS, fieldsOf, LIMITS } from '../../links/run-config.js';
import type { ConfigKey, NumberKey, RunConfig } from '../../links/run-config.js';

/** The settings that differ between two runs and would make another network of it. */
export function trainingDifferences<Config extends RunConfig>(a: Config, b: Config): readonly Key<Config>[] {
  return differences(a, b, (changes) => changes !== 'samples');
}

type Key<Config> = keyof Config & ConfigKey;

function differences<Config extends RunConfig>(
  a: Config,
  b: Config,
  counts: (changes: Change) => boolean,
): readonly Key<Config>[] {
  const fields = fieldsOf(a.task).filter(({ changes }) => counts(changes));
  return fields.map(({ property }) => property as Key<Config>).filter((key) => !same(a[key], b[key]));
}

/** Whether two settings have the same value. Values are plain data: numbers, words, a split, a text of one's own. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i]);
  if (isOwnText(a) && isOwnText(b)) return a.own === b.own;
  return a === b;
}

export function isOwnText(value: unknown): value is { readonly own: string } {
  return typeof value === 'object' && value !== null && 'own' in value;
}

/**
 * Whether something differs that only concerns samples, as a prompt, a temperature or a seed: it can change at any time
 * without touching what is trained, and shows at step 0 only.
 */
export function samplingDiffers(a: RunConfig, b: RunConfig): boolean {
  return differences(a, b, (changes) => changes === 'samples').length > 0;
}

/** Settings whose sensible values lie a factor of two apart; the others go up and down by one. */
const DOUBLING: ReadonlySet<NumberKey> = new Set([
  'hiddenSize',
  'embeddingDim',
  'batchSize',
  'seqLen',
  'learningRate',
  'clipNorm',
  'steps',
]);

/** Settings that go up and down by a fixed amount other than one. */
const STRIDES: { readonly [Key in NumberKey]?: number } = {
  dropout: 0.1,
  forgetBias: 0.5,
  temperature: 0.1,
  evalEvery: 50,
  sampleEvery: 50,
  sampleLength: 50,
};

/** The next sensible value of a setting in one direction, inside its limits. */
export function neighbour(key: NumberKey, value: number, direction: 1 | -1): number {
  const { min, max } = LIMITS[key];
  const next = DOUBLING.has(key) ? doubled(key, value, direction) : added(STRIDES[key] ?? 1, value, direction);
  return Math.min(max, Math.max(min, next));
}

function doubled(key: NumberKey, value: number, direction: 1 | -1): number {
  if (key === 'embeddingDim' || key === 'clipNorm') {
    // 0 means "off" here and stands one place below the smallest value.
    if (value === 0) return direction === 1 ? (key === 'clipNorm' ? 1 : 8) : 0;
    if (direction === -1 && value <= (key === 'clipNorm' ? 0.25 : 8)) return 0;
  }
  const next = direction === 1 ? value * 2 : value / 2;
  return key === 'learningRate' || key === 'clipNorm' ? Number(next.toPrecision(6)) : Math.max(1, Math.floor(next));
}

function added(stride: number, value: number, direction: 1 | -1): number {
  // To the next multiple, so that 0.85 becomes 0.9 and not 0.95. The rounding takes away binary dust like 0.30000000000000004.
  const multiples = value / stride;
  const whole = direction === 1 ? Math.floor(multiples + 1e-9) + 1 : Math.ceil(multiples - 1e-9) - 1;
  return Number((whole * stride).toPrecision(12));
}

/** What was typed as a number, with a point or a comma; NaN for anything else. */
export function parseNumber(typed: string): number {
  const text = typed
    .trim()
    .replace(',', '.')
    .replace(/^\+(?=[\d.])/, '');
  const value = parseDecimal(text);
  return typeof value === 'number' ? value : Number.NaN;
}

/** Whether a run may have this value there. */
export function isAllowed(name: NumberKey, value: number): boolean {
  return findProblems({ ...DEFAULTS, [name]: value }).length === 0;
}
