import { aNumber, readFields, refuse, wholeFrom } from '../arguments/fields.js';
import type { GeneratedText } from './generator.js';
import type { ReadingOptions } from './precision.js';
import { READING_FIELDS } from './precision.js';
import type { SamplingOptions } from './sampling-options.js';
import { SAMPLING_FIELDS } from './sampling-options.js';
import { aText, texts } from '../text/texts.js';

/** Several texts at once. */
export interface GenerateManyOptions extends SamplingOptions, ReadingOptions {
  /** One prompt for all of `count` texts; or `prompts`, one for each. */
  readonly prompt?: string | undefined;
  readonly prompts?: readonly string[] | undefined;
  /** Texts, 1 to 1024. Default the number of prompts, or 1. */
  readonly count?: number | undefined;
  /** Characters of each, 0 to 1,000,000, unless a stop string comes first. */
  readonly length: number;
  /** The i-th text draws with seed + i. Default 1. */
  readonly seed?: number | undefined;
  /** Strings of which the first that comes ends its text. Default none. */
  readonly stop?: readonly string[] | undefined;
}

/** A search for likely texts. */
export interface BeamSearchOptions {
  readonly prompt: string;
  /** Texts that are carried on at a time, 1 to 64. Default 4. */
  readonly width?: number | undefined;
  /** Characters of a text that no stop string ends, 1 to 4096. Default 100. */
  readonly length?: number | undefined;
  /** The power of its length that a text's log-probability is divided by, 0 to 10. Default 1, the mean. */
  readonly lengthPenalty?: number | undefined;
  readonly stop?: readonly string[] | undefined;
}

/** A text that a beam search found. */
export interface BeamText extends Omit<GeneratedText, 'stopped'> {
  /** ln p of the whole text after the prompt. */
  readonly logProb: number;
  /** logProb / length ** lengthPenalty, by which the texts are sorted. */
  readonly score: number;
}

const MANY_FIELDS = {
  ...SAMPLING_FIELDS,
  ...READING_FIELDS,
  prompt: aText,
  prompts: texts,
  count: wholeFrom(1),
  length: wholeFrom(0),
  seed: wholeFrom(0),
  stop: texts,
};
const BEAM_FIELDS = { prompt: aText, width: wholeFrom(1), length: wholeFrom(1), lengthPenalty: aNumber, stop: texts };

/** What `generateMany` of the module reads. */
export function manyRequest(options: GenerateManyOptions): object {
  const who = 'LanguageModel.generateMany';
  const { prompt: one, prompts: each, count, seed = 1, length, ...rest } = readFields(who, options, MANY_FIELDS);
  if (length === undefined) refuse(`${who}: length`, length, 'a whole number from 0 on');
  if ((one === undefined) === (each === undefined)) refuse(`${who}: prompt`, one, 'either prompt or prompts');
  const wanted = count ?? each?.length ?? 1;
  if (each !== undefined && wanted !== each.length)
    refuse(`${who}: count`, count, `${each.length}, one for each of prompts`);
  if (wanted > 1024) refuse(`${who}: count`, wanted, '1 to 1024');
  return {
    ...rest,
    length,
    prompts: each ?? Array.from({ length: wanted }, () => one),
    seeds: Float64Array.from({ length: wanted }, (_, i) => seed + i),
  };
}

/** What `beamSearch` of the module reads. */
export function beamRequest(options: BeamSearchOptions): object {
  const who = 'LanguageModel.beamSearch';
  const request = readFields(who, options, BEAM_FIELDS);
  if (request.prompt === undefined) refuse(`${who}: prompt`, undefined, 'a string of at least one character');
  return request;
}
