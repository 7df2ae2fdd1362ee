import type { Boundary } from './boundary.js';
import { aFlag, aNumber, aString, readFields, refuse, wholeFrom } from './fields.js';
import { Owner } from './owner.js';
import type { RawGenerator, RawLanguageModel } from './raw-module.js';
import { prepareText, textFromEngine } from './text.js';

/** How a text is continued. */
export interface GeneratorOptions {
  /** What is read before the first character is chosen: at least one character, all of them in the vocabulary. */
  readonly prompt: string;
  /** Logits are divided by it: near 0 the likeliest character wins, at 1 the model's own odds. Above 0 to 100. Default 1. */
  readonly temperature?: number | undefined;
  /** Always the likeliest character; nothing else counts then. Default false. */
  readonly greedy?: boolean | undefined;
  /** Choose among the k likeliest only; 0 means all. Default 0. */
  readonly topK?: number | undefined;
  /** Choose among the likeliest whose more likely ones have a mass below p only; 1 means all. Default 1. */
  readonly topP?: number | undefined;
  /** Of the draws, 0 to 2^53 - 1. The same seed writes the same text. Default 1. */
  readonly seed?: number | undefined;
}

/** The same for a text of known length. */
export interface GenerateOptions extends GeneratorOptions {
  /** Characters to write, 0 to 1,000,000. */
  readonly length: number;
}

/** A piece of generated text. */
export interface GeneratedText {
  /** The characters chosen, without the prompt. */
  readonly text: string;
  /** ln p of each of them under the model itself: at temperature 1, before top-k and top-p. */
  readonly logProbs: Float32Array;
}

const FIELDS = {
  prompt: aString,
  temperature: aNumber,
  greedy: aFlag,
  topK: aNumber,
  topP: aNumber,
  seed: aNumber,
  length: wholeFrom(0),
};

/**
 * A text in the writing. The network reads the prompt, then each character that was chosen becomes its next input; the
 * state is kept between calls, so that a text written in pieces is the same as one written at once. Made by
 * `LanguageModel.createGenerator()`.
 */
export class TextGenerator extends Owner<RawGenerator> {
  /** @internal */
  constructor(boundary: Boundary, model: RawLanguageModel, options: GeneratorOptions) {
    const { prompt, temperature, greedy, topK, topP, seed } = readFields('Generator', options, FIELDS);
    if (prompt === undefined) refuse('Generator: prompt', prompt, 'a string of at least one character');
    const request = { prompt: prepareText(prompt), temperature, greedy, topK, topP, seed };
    super(
      'TextGenerator',
      boundary,
      boundary.call(() => model.createGenerator(request)),
    );
  }

  /**
   * Writes on.
   *
   * @param count characters, 0 to 1,000,000
   * @throws UnrollError `INVALID_ARGUMENT`
   */
  next(count: number): GeneratedText {
    const wanted = wholeFrom(0)('TextGenerator.next: count', count);
    const { text, logProbs } = this.call((generator) => generator.next(wanted));
    return { text: textFromEngine(text), logProbs };
  }
}
