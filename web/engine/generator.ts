import { Owner } from './owner.js';
import { unwrap } from './raw.js';
import type { GeneratorHandle } from './wasm/unroll.js';

/** How the next character is chosen. */
export interface SamplingOptions {
  /** Always the most likely character. Default false. */
  readonly greedy?: boolean;
  /** p = softmax(logits / temperature); below 1 plays safe, above 1 dares more. Above 0, at most 100, default 1. */
  readonly temperature?: number;
  /** Only the k most likely characters; 0: all. Default 0. */
  readonly topK?: number;
  /** Only the most likely characters whose more likely ones have a mass below p; 1: all. Default 1. */
  readonly topP?: number;
  /** The same seed draws the same text. Whole, 0 to 2^53 - 1, default 1. */
  readonly seed?: number;
}

export interface GeneratorOptions extends SamplingOptions {
  /** What the text begins with: at least one character, all from the vocabulary. It primes the state. */
  readonly prompt: string;
}

export interface GenerateOptions extends GeneratorOptions {
  /** Characters to write after the prompt. */
  readonly length: number;
}

/** A piece of generated text. */
export interface GeneratedText {
  readonly text: string;
  /** ln p of each character under the model itself, at temperature 1 and uncut. */
  readonly logProbs: Float32Array;
}

/** Writes a text in pieces; each goes on where the one before stopped. */
export class TextGenerator extends Owner<GeneratorHandle> {
  readonly #decoder = new TextDecoder();

  /** @internal */
  constructor(handle: GeneratorHandle) {
    super(handle);
  }

  /** The next `count` characters. */
  next(count: number): GeneratedText {
    const { text, logProbs } = unwrap<{ text: Uint8Array; logProbs: Float32Array }>(this.handle.next(count));
    return { text: this.#decoder.decode(text), logProbs };
  }
}
