import type { LanguageModel } from '../engine/index.js';
import type { ModelSummary } from './protocol.js';

/** What the page says about a model file. */
export function describeModel(model: LanguageModel): ModelSummary {
  const { cell, hiddenSize, numLayers, embeddingDim } = model.config;
  return {
    cell,
    hiddenSize,
    numLayers,
    embeddingDim,
    vocabSize: [...model.vocabulary].length,
    parameterCount: model.parameterCount,
  };
}
