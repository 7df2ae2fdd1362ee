import { factsOf } from '../../engine/cells.js';
import type { LanguageConfig } from '../../links/run-config.js';

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
  config: Pick<LanguageConfig, 'cell' | 'hiddenSize' | 'numLayers' | 'embeddingDim'>,
  vocabSize: number,
): readonly ParameterTerm[] {
  const { hiddenSize: hidden, numLayers: layers, embeddingDim: embedding } = config;
  const { blocks } = factsOf(config.cell);
  const inputSize = embedding === 0 ? vocabSize : embedding;
  const terms: ParameterTerm[] = [];
  if (embedding > 0) {
    terms.push({ part: 'embedding', factors: `${vocabSize} × ${embedding}`, count: vocabSize * embedding });
  }
  const blockFactor = blocks === 1 ? '' : `${blocks} × `;
  terms.push({
    part: 'layer',
    factors: `${blockFactor}${hidden} × (${inputSize} + ${hidden} + 2)`,
    count: blocks * hidden * (inputSize + hidden + 2),
  });
  if (layers > 1) {
    terms.push({
      part: 'upper',
      factors: `${layers - 1} × ${blockFactor}${hidden} × (${hidden} + ${hidden} + 2)`,
      count: (layers - 1) * blocks * hidden * (2 * hidden + 2),
    });
  }
  terms.push({ part: 'head', factors: `${vocabSize} × (${hidden} + 1)`, count: vocabSize * (hidden + 1) });
  return terms;
}
