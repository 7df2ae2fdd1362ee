import type { Trainer } from '../engine/index.js';
import type { Measures } from './task.js';

/** The words in which the command line tells of a task's runs. */
export interface TaskReport<Kind extends Trainer = Trainer> {
  /** What is read, counted in speeds: `chars` as in `chars/s` and `chars_per_s`. */
  readonly unit: string;

  /** What there is to learn from, behind the name of the data. */
  describe(info: Kind['info']): string;

  /** A column of the table beside the losses; null when they say it all. */
  readonly column: { readonly title: string; of(measures: Measures): string } | null;

  /** What an evaluation of the validation part adds to its line in JSON; null without one. */
  validation(measures: Measures | null): object;

  /** What the test part adds to the last one. */
  test(measures: Measures | null): object;

  /** The test part's result in words, behind its loss in nats. */
  inWords(measures: Measures): string;
}
