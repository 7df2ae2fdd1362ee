import { aFlag, readFields, refuse } from '../arguments/fields.js';
import { show } from '../arguments/show.js';
import { UnrollError } from '../errors.js';
import type { Boundary } from '../module/boundary.js';
import { Owner } from '../module/owner.js';
import type { RawSequenceModel } from '../module/raw-module.js';
import { TRAINER_FIELDS } from '../networks/model-config.js';
import type { ClassifierConfig, ClassifierTrainerConfig } from '../networks/sequence-config.js';
import { TextClassifier } from '../networks/text-classifier.js';
import type { LabelledLines } from './labelled-texts.js';
import type { Evaluation, TrainerInfo } from './trainer.js';
import { Trainer } from './trainer.js';

export interface ClassifierTrainerInfo extends TrainerInfo {
  /** Code points of the characters that the model knows, in the order of their tokens. */
  readonly vocabulary: Uint32Array;
  /** Texts of each part. */
  readonly trainTexts: number;
  readonly validationTexts: number;
  readonly testTexts: number;
}

export interface ClassifierEvaluation extends Evaluation {
  /** Share of the texts whose likeliest class is the right one. */
  readonly accuracy: number;
}

type Layers = Omit<ClassifierConfig, 'vocabSize' | 'classes'>;

const { seqLen: _, ...SHARED_FIELDS } = TRAINER_FIELDS;

/**
 * A classifier of texts in training. The texts are shuffled once, by the seed, and split into three parts; in each epoch
 * those of the training part are drawn anew into batches of about the same length.
 */
export class ClassifierTrainer extends Trainer<ClassifierTrainerInfo, ClassifierEvaluation> {
  readonly #layers: Layers;
  readonly #classNames: readonly string[];

  /** @internal */
  constructor(boundary: Boundary, config: ClassifierTrainerConfig, { lines, labels, classes }: LabelledLines) {
    const { model, ...given } = readFields('TrainerConfig', config, {
      ...SHARED_FIELDS,
      bidirectional: aFlag,
      bias: aFlag,
      model: (where, value) =>
        (Owner.is(value) && value instanceof TextClassifier && value.handleIn(boundary) !== null && value) ||
        refuse(where, value, 'a TextClassifier of this engine'),
    });
    if (model !== undefined) expectClasses(model.classNames, classes);
    const start = model?.handleIn(boundary) ?? null;
    const known = start && new TextEncoder().encode(model?.vocabulary);
    const own = { hiddenSize: 128, ...(model && sizesOf(model)), ...given, outputSize: classes.length };
    super(
      boundary,
      boundary.call(() => boundary.module.createClassifierTrainer(start, own, { lines, labels, known })),
    );
    const { cell, hiddenSize, numLayers, bidirectional, bias, embeddingDim, dropout, init, forgetBias, seed } = own;
    this.#layers = { cell, hiddenSize, numLayers, bidirectional, bias, embeddingDim, dropout, init, forgetBias, seed };
    this.#classNames = classes;
  }

  model(): TextClassifier {
    return new TextClassifier(
      this.boundary,
      this.#layers,
      Array.from(this.info.vocabulary, (point) => String.fromCodePoint(point)),
      this.#classNames,
      this.ask((trainer) => trainer.model() as RawSequenceModel),
    );
  }
}

/** To a model its classes are numbers, which have to mean the same. */
function expectClasses(known: readonly string[], classes: readonly string[]): void {
  if (known.length === classes.length && known.every((name, i) => name === classes[i])) return;
  const what = `the model's classes are ${show(known.join())}, and those of the texts ${show(classes.join())}`;
  throw new UnrollError('INVALID_CONFIG', `Trainer: ${what}; name the same ones in the same order`);
}

/** What a trainer that starts from it need not be told. */
function sizesOf({ config }: TextClassifier): Layers {
  const { cell, hiddenSize, numLayers, bidirectional, bias, embeddingDim } = config;
  return { cell, hiddenSize, numLayers, bidirectional, bias, embeddingDim };
}
