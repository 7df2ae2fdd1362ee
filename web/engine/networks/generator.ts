import type { Boundary } from '../module/boundary.js';
import { aFlag, aNumber, readFields, refuse, wholeFrom } from '../arguments/fields.js';
import { aText, texts } from '../text/texts.js';
import { Owner } from '../module/owner.js';
import type { RawGenerator, RawLanguageModel } from '../module/raw-module.js';
import type { SamplingOptions } from './sampling-options.js';
import { SAMPLING_FIELDS } from './sampling-options.js';
import type { ReadingOptions } from './precision.js';
import { READING_FIELDS } from './precision.js';
import { textFromEngine } from '../text/text.js';

/** How a text is continued. */
export interface GeneratorOptions extends SamplingOptions, ReadingOptions {
  /** What is read before the first character is chosen: at least one character, all of them in the vocabulary. */
  readonly prompt: string;
  /** Of the draws, 0 to 2^53 - 1. The same seed writes the same text. Default 1. */
  readonly seed?: number | undefined;
  /** Strings of which the first that comes ends the text; it is the text's end. Default none. */
  readonly stop?: readonly string[] | undefined;
}

/** The same for a text of known length. */
export interface GenerateOptions extends GeneratorOptions {
  /** Characters to write, 0 to 1,000,000. */
  readonly length: number;
  /** Whether the log-probability of each character is wanted beside the text. Default false. */
  readonly logProbs?: false | undefined;
}

/** The same, for a text with the log-probability of each character. */
export interface LogProbsOptions extends Omit<GenerateOptions, 'logProbs'> {
  readonly logProbs: true;
}

/** A piece of generated text. */
export interface GeneratedText {
  /** The characters chosen, without the prompt. */
  readonly text: string;
  /** ln p of each of them under the model itself: at temperature 1, before top-k and top-p. */
  readonly logProbs: Float32Array;
  /** Whether a stop string came; then nothing comes after it. */
  readonly stopped: boolean;
}

/** Only `generate()` takes one, so it is who speaks. */
export const aLength = (_: string, value: unknown): number => wholeFrom(0)('LanguageModel.generate: length', value);

const FIELDS = {
  ...SAMPLING_FIELDS,
  ...READING_FIELDS,
  prompt: aText,
  seed: aNumber,
  stop: texts,
  length: aLength,
  logProbs: aFlag,
};

/** What `createGenerator` of the module reads, and the length, if one is given. */
export function readRequest(options: unknown) {
  const request = readFields('Generator', options, FIELDS);
  if (request.prompt === undefined) refuse('Generator: prompt', undefined, 'a string of at least one character');
  return request;
}

/**
 * A text in the writing. The network reads the prompt, then each character that was chosen becomes its next input; the
 * state is kept between calls, so that a text written in pieces is the same as one written at once. Made by
 * `LanguageModel.createGenerator()`.
 */
export class TextGenerator extends Owner<RawGenerator> {
  /** @internal */
  constructor(boundary: Boundary, model: RawLanguageModel, request: object) {
    super(
      'TextGenerator',
      boundary,
      boundary.call(() => model.createGenerator(request)),
    );
  }

  /**
   * Writes on, until a stop string came.
   *
   * @param count characters, 0 to 1,000,000
   * @throws UnrollError `INVALID_ARGUMENT`
   */
  next(count: number): GeneratedText {
    const wanted = wholeFrom(0)('TextGenerator.next: count', count);
    const { text, logProbs, stopped } = this.call((generator) => generator.next(wanted));
    return { text: textFromEngine(text), logProbs, stopped };
  }
}
