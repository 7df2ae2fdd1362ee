import { aFlag, aNumber } from '../arguments/fields.js';

/** How the next token is chosen from its logits. Top-k: Fan et al., 2018. Top-p: Holtzman et al., 2020. */
export interface SamplingOptions {
  /** Logits are divided by it: near 0 the likeliest character wins, at 1 the model's own odds. 1e-45 to 100. Default 1. */
  readonly temperature?: number | undefined;
  /** Always the likeliest character; nothing else counts then. Default false. */
  readonly greedy?: boolean | undefined;
  /** Choose among the k likeliest only; 0 means all. Default 0. */
  readonly topK?: number | undefined;
  /** Choose among the likeliest whose more likely ones have a mass below p only; 1 means all. Default 1. */
  readonly topP?: number | undefined;
}

export const SAMPLING_FIELDS = { temperature: aNumber, greedy: aFlag, topK: aNumber, topP: aNumber };
