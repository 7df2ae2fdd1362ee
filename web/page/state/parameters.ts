import type { Cell, RunConfig } from '../../links/run-config.js';

/** Blocks of a cell's matrices: one for each gate, and one for what is new. */
export const GATES: { readonly [C in Cell]: number } = { rnn: 1, 'rnn-relu': 1, gru: 3, lstm: 4 };

/** One summand of the parameter count: what it belongs to, how it is reckoned, and what it comes to. */
export interface ParameterTerm {
  readonly part: 'embedding' | 'layer' | 'upper' | 'head';
  readonly factors: string;
  readonly count: number;
}

/**
 * The parameter count as a sum a reader can check: G H (in + H + 2) for each layer, whose two biases are the 2, and
 * V (H + 1) for the linear layer on top. The engine counts for itself; a test compares the two.
 */
export function parameterTerms(
  config: Pick<RunConfig, 'cell' | 'hidden' | 'layers' | 'embedding'>,
  vocabSize: number,
): readonly ParameterTerm[] {
  const { hidden, layers, embedding } = config;
  const gates = GATES[config.cell];
  const inputSize = embedding === 0 ? vocabSize : embedding;
  const terms: ParameterTerm[] = [];
  if (embedding > 0) {
    terms.push({ part: 'embedding', factors: `${vocabSize} × ${embedding}`, count: vocabSize * embedding });
  }
  const gateFactor = gates === 1 ? '' : `${gates} × `;
  terms.push({
    part: 'layer',
    factors: `${gateFactor}${hidden} × (${inputSize} + ${hidden} + 2)`,
    count: gates * hidden * (inputSize + hidden + 2),
  });
  if (layers > 1) {
    terms.push({
      part: 'upper',
      factors: `${layers - 1} × ${gateFactor}${hidden} × (${hidden} + ${hidden} + 2)`,
      count: (layers - 1) * gates * hidden * (2 * hidden + 2),
    });
  }
  terms.push({ part: 'head', factors: `${vocabSize} × (${hidden} + 1)`, count: vocabSize * (hidden + 1) });
  return terms;
}
