import type { Boundary } from '../module/boundary.js';
import type { Trainer } from './trainer.js';
import type { AnyTrainerConfig } from './training-data.js';

/**
 * What there is to train on, unless it is a text: data of another task, which know the trainer that they are for. Whoever
 * has none does not load it.
 */
export abstract class TaskData {
  readonly #isOne = true;

  /** Whether this is one in truth. @internal */
  static is(value: unknown): value is TaskData {
    return typeof value === 'object' && value !== null && #isOne in value;
  }

  /** @internal */
  abstract trainer(boundary: Boundary, config: AnyTrainerConfig): Trainer;

  /** The same as plain data, which can be sent to another thread, with the name of what reads them there. @internal */
  abstract message(): { readonly kind: string };
}
