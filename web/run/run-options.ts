import type { AnyTrainerConfig, TrainerConfig } from '../engine/index.js';
import { Trainer } from '../engine/index.js';
import type { Reader } from '../engine/internal.js';
import { aFlag, asGiven, property, readFields, refuse, wholeFrom } from '../engine/internal.js';
import { anInstance } from '../parallel/arguments.js';
import type { Replicas } from '../parallel/index.js';
import { TASK_NAMES } from '../links/tasks.js';
import type { RunConfig } from '../links/index.js';
import type { TaskName } from '../links/tasks.js';
import type { Task } from '../tasks/task.js';

export interface RunOptions {
  /** false leaves out the samples, which only takes away their time. Default true. */
  readonly samples?: boolean;
  /** Steps at which the fingerprint of the weights is wanted. */
  readonly marks?: Iterable<number>;
  /** The threads of a run with more than one worker, of the same configuration and text; the run then owns them. */
  readonly replicas?: Replicas<Trainer> | undefined;
  /** What it trains, as `loadTask()` gives it; that of a language model is known. */
  readonly task?: Task | undefined;
  /** A model of the run's cell and sizes to start from; it is only read. */
  readonly start?: Start | undefined;
}

/** As in the configuration of a trainer. */
export type Start = Pick<AnyTrainerConfig, 'model'> & Pick<TrainerConfig, 'growVocabulary'>;

/** A run's values in the engine's words, with what it starts from; whether that fits, the engine says. */
export const trainerConfigOf = (task: Task, config: RunConfig, start: Start | undefined): AnyTrainerConfig =>
  ({ ...task.trainerConfig(config), ...start }) as AnyTrainerConfig;

const aTrainer = anInstance(Trainer, 'a Trainer', 'deleted');

/** By what it has, as its class is loaded with the first of them; to a proxy it would not tell its count. */
const someReplicas: Reader<Replicas> = (where, value) => {
  aTrainer(`${where}.trainer`, property(value, 'trainer'));
  wholeFrom(1)(`${where}.count`, property(value, 'count'));
  return value as Replicas;
};

/** A run has no more steps. */
const MOST_MARKS = 1_000_000;

const someMarks: Reader<ReadonlySet<number>> = (where, value) => {
  const own = new Set<number>();
  let left = MOST_MARKS;
  try {
    for (const mark of value as Iterable<unknown>) {
      if (left-- === 0) break;
      own.add(wholeFrom(0)(where, mark));
    }
  } catch {
    left = -1;
  }
  return left < 0 ? refuse(where, value, 'a list of steps') : own;
};

const aTask: Reader<Task> = (where, value) =>
  TASK_NAMES.includes(property(value, 'name') as TaskName) ? (value as Task) : refuse(where, value, 'a task');

const START_FIELDS = { model: asGiven, growVocabulary: asGiven };

const FIELDS = {
  samples: aFlag,
  marks: someMarks,
  replicas: someReplicas,
  task: aTask,
  // The engine looks at them.
  start: (where: string, value: unknown): Start => readFields(where, value, START_FIELDS) as Start,
};

/** As plain data of our own. */
export const ownOptions = (who: string, options: unknown) => readFields(who, options, FIELDS);
