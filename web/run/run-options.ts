import type { TrainerConfig } from '../engine/index.js';
import type { Replicas } from '../parallel/index.js';

export interface RunOptions {
  /** false leaves out the samples, which only takes away their time. Default true. */
  readonly samples?: boolean;
  /** Steps at which the fingerprint of the weights is wanted. */
  readonly marks?: Iterable<number>;
  /** The threads of a run with more than one worker, of the same configuration and text; the run then owns them. */
  readonly replicas?: Replicas | undefined;
  /** A model of the run's cell and sizes to start from; it is only read. */
  readonly start?: Start | undefined;
}

/** As in `TrainerConfig`. */
export type Start = Pick<TrainerConfig, 'model' | 'growVocabulary'>;
