import type { Engine, LanguageModel } from '../engine/index.js';
import type { ModelSummary } from './protocol.js';

/** The model of a file, beside the one in training. It outlives its engine, as its bytes are kept. */
export class OpenedModel {
  #file: { readonly bytes: Uint8Array; readonly engine: Engine; readonly model: LanguageModel } | null = null;

  /** A file that is refused leaves the one opened before. */
  async open(engine: Engine, bytes: Uint8Array): Promise<ModelSummary> {
    await engine.complete();
    const model = engine.loadModel(bytes);
    this.#file?.model.delete();
    this.#file = { bytes, engine, model };
    return describeModel(model);
  }

  /** The model; `engine` is for the case that its own has broken down. */
  async model(engine: Engine): Promise<LanguageModel> {
    if (this.#file === null) throw new Error('OpenedModel: no file was opened');
    if (this.#file.engine.stopped) await this.open(engine, this.#file.bytes);
    return this.#file.model;
  }
}

/** What the page says about a model file. */
function describeModel(model: LanguageModel): ModelSummary {
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
