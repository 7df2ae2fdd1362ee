import type { ReadBundledText } from '../corpora/load-text.js';
import type { AnyTrainerConfig, Engine, Evaluation, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig, TaskName } from '../links/index.js';

/** What a task measures beside its loss, under the words in which it is told: `accuracy`, say. */
export type Measures = Readonly<Record<string, number>>;

/** Floating-point operations per parameter and character that is read; training is two forward and four backward. */
export const FLOPS = { forward: 2, training: 6 } as const;

/** What a run learns from, with what people should know about it. */
export interface Loaded<Data> {
  readonly data: Data;
  readonly notes: readonly string[];
}

/** What a network would be, found out without training it; a task adds what its data decide. */
export interface Plan {
  /** Numbers in all parameters together. */
  readonly parameterCount: number;
  /** What a run of it takes for its networks, over all of its workers. */
  readonly memoryBytes: number;
}

/** What a network has made, to show how well it does. */
export interface Sample {
  readonly prompt: string;
  readonly text: string;
}

/**
 * What there is to be trained: the one place that knows what a network of this kind is made of, what it learns from, how
 * well it does, and what its work looks like. Steps, evaluations, clipping, workers, checkpoints and links are those of all
 * tasks, and do not know which one it is.
 *
 * A task is a folder: `fields.ts` has its values, which links read, `task.ts` is this, and `report.ts` the words in which
 * the command line tells of it.
 */
export interface Task<
  Config extends RunConfig = RunConfig,
  Data extends TrainingData = TrainingData,
  Kind extends Trainer = Trainer,
> {
  readonly name: TaskName;

  /**
   * What the runs of this configuration learn from; `readFile` reads what is bundled.
   *
   * @throws TextError for a bundled file that is damaged; UnrollError for data of one's own that are none
   */
  load(config: Config, readFile: ReadBundledText): Promise<Loaded<Data>>;

  /** From where they are loaded: what is of the same source need not be loaded anew. */
  source(config: Config): string | { readonly own: string };

  /** So many characters of the beginning of the data, for reading. */
  excerpt(data: Data, characters: number): string;

  /** What one step reads, in what speeds are counted by: characters of a text, say, or names. */
  unitsPerStep(config: Config): number;

  /** A run's values in the engine's words; with the data they make a trainer of this kind. */
  trainerConfig(config: Config): AnyTrainerConfig;

  /** Bytes that a run takes for its networks, over all of its workers. Throws as `Engine.plan()`. */
  memoryBytes(engine: Engine, config: Config, trainer: Kind): number;

  /** What such a network would be. Throws as `Engine.plan()`. */
  plan(engine: Engine, config: Config, data: Data): Plan;

  /** Floating-point operations of one step of the whole batch. */
  stepFlops(engine: Engine, config: Config, data: Data): number;

  /** The same of what is done without looking up, at most, by a network of so many parameters. */
  pieceFlops(config: Config, parameterCount: number, piece: 'step' | 'sample'): number;

  /** The same network with steps of about so many operations, or fewer, to measure its speed with. */
  affordable(engine: Engine, config: Config, data: Data, stepFlops: number): Config;

  /** What of the data there is anything to evaluate on. */
  parts(trainer: Kind): { readonly validation: boolean; readonly test: boolean };

  /** What guessing blindly costs, in nats. */
  blindNats(trainer: Kind): number;

  measures(evaluation: Evaluation): Measures;

  /** What simple guessing achieves on the validation part, in nats, by the names of the ways to guess. */
  baselines(trainer: Kind): object;

  /** Throws when a value is of no use with this data; that is said now, and not after hours of training. */
  check?(trainer: Kind, config: Config): void;

  /** What the network makes now; nothing that is trained changes. Without it there are no samples. */
  sample?(trainer: Kind, config: Config): Sample;
}
