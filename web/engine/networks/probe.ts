import { aString, readFields, refuse } from '../arguments/fields.js';
import type { GradientFlow } from './gradient-flow.js';
import { flowOf } from './gradient-flow.js';
import type { RawProbe } from '../module/raw-module.js';
import type { Tensor } from './tensor.js';
import { prepareText } from '../text/text.js';

export interface ProbeOptions {
  /** A character that might come after the text: then the probe has a `guess` of it. */
  readonly target?: string | undefined;
}

/** What happens inside of a model while it reads a text of T characters from a zero state, without dropout. */
export interface Probe {
  /** The gates in the order of `layers[].gates`: i, f, g, o for an LSTM; r, z, n for a GRU; none for the others. */
  readonly gateNames: readonly string[];
  /** From the lowest layer up. */
  readonly layers: readonly LayerProbe[];
  /** (T, V): the odds of each character after each step. */
  readonly probabilities: Tensor;
  /** null without a `target`. */
  readonly guess: Guess | null;
}

export interface LayerProbe {
  /** (T, G, H) after their nonlinearities; null where there are none. */
  readonly gates: Tensor | null;
  /** (T, H), the hidden state after each step, which is also the layer's output. */
  readonly h: Tensor;
  /** (T, H), LSTM only. */
  readonly c: Tensor | null;
}

/** The guess of one character after all of the text: loss = -ln p(target), and what it owes to each moment before. */
export interface Guess {
  readonly lossNats: number;
  /** By hidden and cell states, and by each character that was read: as its one-hot vector or embedding. */
  readonly flow: GradientFlow;
}

const OPTIONS = { target: aString };

/** The target as the engine reads it; null when there is none. */
export function readTarget(options: ProbeOptions): Uint8Array | null {
  const who = 'LanguageModel.probe';
  const { target } = readFields(who, options, OPTIONS);
  if (target === undefined) return null;
  // More letters and marks make no single character.
  if (target.length > 16 || [...target.normalize('NFC')].length !== 1)
    refuse(`${who}: target`, target, 'one character');
  return prepareText(target);
}

export function probeOf(
  { gateNames, layers, probabilities, guess }: RawProbe,
  hiddenSize: number,
  vocabSize: number,
): Probe {
  const seqLen = probabilities.length / vocabSize;
  const states = (data: Float32Array): Tensor => ({ shape: [seqLen, hiddenSize], data });
  return {
    gateNames: [...gateNames],
    layers: layers.map(({ gates, h, c }) => ({
      gates: gates && { shape: [seqLen, gateNames.length, hiddenSize], data: gates },
      h: states(h),
      c: c && states(c),
    })),
    probabilities: { shape: [seqLen, vocabSize], data: probabilities },
    guess: guess && { lossNats: guess.lossNats, flow: flowOf(guess.flow) },
  };
}
