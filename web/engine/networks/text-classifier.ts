import { aString, refuse } from '../arguments/fields.js';
import { items } from '../arguments/own.js';
import { show } from '../arguments/show.js';
import { UnrollError } from '../errors.js';
import type { FileEntries } from '../files/model-metadata.js';
import type { Boundary } from '../module/boundary.js';
import type { RawSequenceModel } from '../module/raw-module.js';
import { prepareText, textFromEngine } from '../text/text.js';
import { Classifier } from './classifier.js';
import type { ClassifierConfig } from './sequence-config.js';
import type { Tensor } from './tensor.js';

/** What a batch may have. */
const MOST_TEXTS = 1024;

/**
 * A classifier that knows which characters its tokens are and what its classes are called. Made by
 * `ClassifierTrainer.model()` and `loadClassifier()`.
 */
export class TextClassifier extends Classifier {
  /** The characters that it knows, in the order of their tokens. */
  readonly vocabulary: string;
  /** In the order of their numbers. */
  readonly classNames: readonly string[];

  /** @internal */
  constructor(
    boundary: Boundary,
    layers: Omit<ClassifierConfig, 'vocabSize' | 'classes'>,
    vocabulary: readonly string[],
    classNames: readonly string[],
    handle?: RawSequenceModel,
  ) {
    super(boundary, { ...layers, vocabSize: vocabulary.length, classes: classNames.length }, handle);
    this.vocabulary = vocabulary.join('');
    this.classNames = classNames;
  }

  /**
   * How likely each class is for each of these texts, without dropout.
   *
   * @param texts 1 to 1024, prepared as those that it learned from
   * @returns (B, C)
   * @throws UnrollError `NOT_IN_VOCABULARY`, `INVALID_ARGUMENT`
   */
  classify(texts: readonly string[]): Tensor {
    const where = 'TextClassifier.classify: texts';
    const own = items(texts, MOST_TEXTS, (text) => textFromEngine(prepareText(aString(where, text))));
    if (own === undefined) refuse(where, texts, `an array of 1 to ${MOST_TEXTS} strings`);
    const tokens = new Map(Array.from(this.vocabulary, (character, token) => [character, token]));
    const tokenOf = (character: string): number => tokens.get(character) ?? this.#refuse(character);
    return this.predict(own.map((text) => Array.from(text, tokenOf))).probabilities;
  }

  #refuse(character: string): never {
    const { vocabSize } = this.config;
    throw new UnrollError(
      'NOT_IN_VOCABULARY',
      `TextClassifier.classify: ${show(character)} is not in the vocabulary (${vocabSize} characters)`,
    );
  }

  /** null for another engine. @internal */
  handleIn(boundary: Boundary): RawSequenceModel | null {
    return boundary === this.boundary ? this.handle : null;
  }

  /** @internal */
  override fileEntries(): FileEntries {
    return [
      ['unroll.kind', 'TextClassifier'],
      ['unroll.vocabulary', JSON.stringify([...this.vocabulary])],
      ['unroll.classes', JSON.stringify(this.classNames)],
    ];
  }
}
