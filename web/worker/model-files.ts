import type { Engine, LanguageModel } from '../engine/index.js';
import { describeModel } from './model-summary.js';
import type { ModelSummary } from './protocol.js';

/** What is needed once the reader saves a model or opens one. */
export { saveRun } from '../run/save-run.js';

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
