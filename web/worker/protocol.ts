import type { BuildFallback, BuildInfo, TrainerInfo } from '../engine/index.js';
import type { Answer, Request } from '../parallel/rpc.js';
import type { BlowUp } from '../run/blow-up.js';
import type { RunCheckpoint } from '../run/checkpoint.js';
import type { RunActivity, RunResult } from '../run/run-events.js';
import type { LanguagePlan } from '../tasks/language/task.js';
import type { Requests } from './requests/requests.js';

/**
 * Everything that the page and its training worker say to each other.
 *
 * The page sends requests (see `requests/` for each, and `parallel/rpc.ts` for how they are answered). While a run is
 * trained the worker also reports progress, one batch at a time: it sends the next only after the page has said
 * `drawn`, and collects in between. So a hidden or slow page never builds up a queue, and the worker never waits.
 *
 * A worker may die. The page notices (see `endurance.ts`), starts another, has it `resume` the run, and sends the requests
 * that are open once more, each of which means the same when it is asked twice.
 */

/** The sizes of a language model and its text, as the engine counted them. */
export interface RunInfo extends TrainerInfo {
  readonly vocabSize: number;
  readonly trainChars: number;
  readonly validationChars: number;
  readonly testChars: number;
}

/** What a model that has learned nothing but counts would pay, in nats per character of the validation text. */
export interface Baselines {
  readonly uniform: number;
  readonly unigram: number;
  readonly bigram: number;
}

export type { RunActivity, RunCheckpoint, RunResult };

export interface Evaluation {
  readonly step: number;
  readonly lossNats: number;
}

export interface Sample {
  readonly step: number;
  readonly text: string;
}

/** Data and an untrained network, ready to be trained. What there is to say of their sizes depends on the run's task. */
export interface Prepared<Info extends TrainerInfo = RunInfo> {
  /** The engine's generation: fingerprints are only comparable within one. */
  readonly generation: number;
  readonly build: BuildInfo['build'];
  /** Why the build is strict although the run asks for the fast one; null when it is what was asked for. */
  readonly fallback: BuildFallback['code'] | null;
  readonly info: Info;
  /** The beginning of the data, for reading. */
  readonly excerpt: string;
  /** What the network writes before it has learned anything. */
  readonly sample: Sample;
}

/** What a network of some configuration would be, found out without training it. */
export type Plan = LanguagePlan;

/** How quick this machine is with this network, in units of its task a second, measured on a copy that is thrown away. */
export interface Speed {
  readonly trainPerSecond: number;
  readonly evaluationPerSecond: number;
}

/** Why training stopped; `result` is there when the run has reached its last step. */
export interface TrainOutcome {
  /** The batch of progress that tells the last of it, which may still be on its way. */
  readonly batch: number;
  readonly reason: 'paused' | 'finished';
  readonly result: RunResult | null;
}

/** Which weights are meant: those being trained here, or those of a model file that was opened. */
export type ModelSource = 'run' | 'file';

export interface GenerateArgs {
  readonly source: ModelSource;
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
}

/** The same prompt continued twice: by the likeliest character each time, and by drawing at the temperature. */
export interface Generated {
  readonly likeliest: string;
  readonly sampled: string;
}

/** What a model file says about itself. */
export interface ModelSummary {
  readonly cell: string;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly embeddingDim: number;
  readonly vocabSize: number;
  readonly parameterCount: number;
}

/** A run's values as they travel: a text of the reader's own has crossed before, and is named by its id, `{ kept }`. */
export type SentConfig = Readonly<Record<string, unknown>>;

/** What a new worker has to know of the run of the one before. */
export interface Resumed {
  /** Progress goes on under this id. */
  readonly runId: number;
  readonly config: SentConfig;
  /** null: from the first step. */
  readonly checkpoint: RunCheckpoint | null;
  /** Up to here everything has been told; what lies between is done once more, and in silence. */
  readonly step: number;
  /** The last batch of progress; the next has the number after it. */
  readonly batch: number;
}

/** The page has drawn the last batch of progress and is ready for the next. */
export interface Drawn {
  readonly kind: 'drawn';
}

/** Whether the worker is alive; it answers with `pong` between two pieces of work. */
export interface Ping {
  readonly kind: 'ping';
}

export type ToWorker = Request<Requests> | Drawn | Ping;

/** What happened since the last batch. It belongs to one run; a batch of a run that is gone is dropped. */
export interface Progress {
  readonly kind: 'progress';
  /** The id of the `prepare` or `rewind` request that began this run. */
  readonly runId: number;
  /** Counts the batches of this worker, from 1. */
  readonly batch: number;
  readonly step: number;
  readonly epoch: number;
  /** What the run does next. */
  readonly activity: RunActivity;
  /** Losses of the steps since the last batch, up to `step`, in nats per character. */
  readonly losses: Float32Array<ArrayBuffer>;
  readonly evaluations: readonly Evaluation[];
  readonly samples: readonly Sample[];
  /** null unless training has become unstable, which is told once. */
  readonly blowUp: BlowUp | null;
  /** Time spent in training steps alone since the run began, and how much was read in that time, in units of its task. */
  readonly trainedMs: number;
  readonly trainedUnits: number;
  /** The newest, of `step` or before, if there is one since the last batch: for a `resume` by another worker. */
  readonly checkpoint: RunCheckpoint | null;
}

/** The first word of a worker: its thread runs. */
export interface Awake {
  readonly kind: 'awake';
}

export interface Pong {
  readonly kind: 'pong';
}

/** From now on the worker may be silent for so many milliseconds. */
export interface Busy {
  readonly kind: 'busy';
  readonly ms: number;
}

/** The engine broke down; another one goes on with the run. */
export interface Mended {
  readonly kind: 'mended';
}

export type FromWorker = Answer | Awake | Progress | Pong | Busy | Mended;
