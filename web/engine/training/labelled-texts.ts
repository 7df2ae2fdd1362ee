import { refuse } from '../arguments/fields.js';
import { items, property } from '../arguments/own.js';
import type { Boundary } from '../module/boundary.js';
import type { ClassifierTrainerConfig } from '../networks/sequence-config.js';
import { readClasses } from '../networks/loss-options.js';
import { PreparedText, prepareText } from '../text/text.js';
import { ClassifierTrainer } from './classifier-trainer.js';
import { TaskData } from './task-data.js';

/** As many as an epoch of batches is drawn from. */
const MOST_TEXTS = 2 ** 20;
/** As many as a network has. */
const MOST_CLASSES = 4096;

/** The same as plain data. */
export interface LabelledLines {
  readonly kind: 'labelled';
  /** UTF-8, with a line end between two texts. */
  readonly lines: Uint8Array<ArrayBuffer>;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

/**
 * Short texts, each of which belongs to a class: what a classifier learns from. Prepared once for many calls, as
 * `PreparedText`.
 *
 *   const names = new LabelledTexts({ texts: ['Ada', 'Otto'], labels: [0, 1], classes: ['female', 'male'] });
 *   const trainer = engine.createTrainer({ cell: 'gru', hiddenSize: 32 }, names);
 */
export class LabelledTexts extends TaskData {
  readonly #own: LabelledLines;

  /**
   * @param data `texts`: without line ends, or a prepared text whose lines they are; `labels`: a number for each; `classes`:
   *   what these numbers are called
   */
  constructor(data: {
    readonly texts: readonly string[] | PreparedText;
    readonly labels: readonly number[] | Int32Array;
    readonly classes: readonly string[];
  }) {
    super();
    const where = 'LabelledTexts';
    const classes = strings(`${where}: classes`, property(data, 'classes'), MOST_CLASSES);
    const lines = linesOf(`${where}: texts`, property(data, 'texts'));
    const labels = readClasses(`${where}: labels`, property(data, 'labels'), countOf(lines), classes.length);
    this.#own = { kind: 'labelled', lines, labels, classes };
  }

  /** In the order in which they were given. */
  get texts(): readonly string[] {
    return new TextDecoder().decode(this.#own.lines).split('\n');
  }

  /** What the classes are called, in the order of their numbers. */
  get classes(): readonly string[] {
    return [...this.#own.classes];
  }

  /** @internal */
  override trainer(boundary: Boundary, config: ClassifierTrainerConfig): ClassifierTrainer {
    return new ClassifierTrainer(boundary, config, this.#own);
  }

  /** @internal */
  override message(): LabelledLines {
    return this.#own;
  }

  /** @internal */
  static fromMessage({ lines, labels, classes }: LabelledLines): LabelledTexts {
    return new LabelledTexts({ texts: new PreparedText(lines), labels, classes });
  }
}

function linesOf(where: string, texts: unknown): Uint8Array<ArrayBuffer> {
  const prepared = PreparedText.bytesOf(texts);
  if (prepared !== undefined) return prepared;
  const own = strings(where, texts, MOST_TEXTS);
  const broken = own.find((text) => /[\r\n]/.test(text));
  if (broken !== undefined) refuse(`${where}: one`, broken, 'a single line');
  return prepareText(own.join('\n'));
}

const LINE_END = 10;
const countOf = (lines: Uint8Array): number => lines.reduce((count, byte) => count + Number(byte === LINE_END), 1);

/** At least one. */
export function strings(where: string, value: unknown, most: number): readonly string[] {
  const own = items(value, most, (item) => (typeof item === 'string' ? item : undefined)) ?? [];
  return own.length > 0 ? own : refuse(where, value, `an array of 1 to ${most} strings`);
}
