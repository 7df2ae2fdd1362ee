import { aFlag, readFields, refuse } from '../arguments/fields.js';
import type { Boundary } from '../module/boundary.js';
import { Owner } from '../module/owner.js';
import type { RawLanguageModel } from '../module/raw-module.js';
import { LanguageModel } from '../networks/language-model.js';
import type { TrainerConfig } from '../networks/model-config.js';
import { TRAINER_FIELDS } from '../networks/model-config.js';
import type { PreparedText } from '../text/text.js';
import { textToRead } from '../text/text.js';
import type { Evaluation, TrainerInfo } from './trainer.js';
import { Trainer } from './trainer.js';

export interface LanguageModelTrainerInfo extends TrainerInfo {
  /** Characters that the model knows (V): the distinct ones of the text, unless it started from a model. */
  readonly vocabSize: number;
  /** Characters of each part. */
  readonly trainChars: number;
  readonly validationChars: number;
  readonly testChars: number;
}

/** Each character of the part but the first is guessed. */
export interface LanguageModelEvaluation extends Evaluation {
  /** lossNats / ln 2. */
  readonly bitsPerChar: number;
}

/**
 * What guessing without a network achieves on the validation part, in nats per character: every character alike, by its
 * frequency in the training part, and by its frequency after the one before. Counts are smoothed by adding 0.1.
 */
export interface Baselines {
  readonly uniform: number;
  readonly unigram: number;
  readonly bigram: number;
}

/**
 * A language model in training on a text, by truncated back-propagation through time. A step reads the next T characters
 * at B places of the training part. The state is carried from step to step, without gradients, and zero at the start of
 * each epoch. An evaluation reads a part as one stream from a zero state. Source: Williams and Peng, 1990.
 */
export class LanguageModelTrainer extends Trainer<LanguageModelTrainerInfo, LanguageModelEvaluation> {
  /** @internal */
  constructor(boundary: Boundary, config: TrainerConfig, text: string | PreparedText) {
    const { model = null, ...own } = readFields('TrainerConfig', config, {
      ...TRAINER_FIELDS,
      model: (where, value) =>
        (Owner.is(value) && value instanceof LanguageModel && value.handleIn(boundary)) ||
        refuse(where, value, 'a LanguageModel of this engine'),
      growVocabulary: aFlag,
    });
    const prepared = textToRead(text);
    super(
      boundary,
      boundary.call(() => boundary.module.createLanguageTrainer(model, own, prepared)),
    );
  }

  /**
   * What simple guessing achieves on the validation part.
   *
   * @throws UnrollError `TEXT_TOO_SHORT` when that has fewer than two characters
   */
  baselines(): Baselines {
    return this.call((trainer) => trainer.baselines());
  }

  model(): LanguageModel {
    return new LanguageModel(
      this.boundary,
      this.ask((trainer) => trainer.model() as RawLanguageModel),
    );
  }
}
