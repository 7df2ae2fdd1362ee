import type { Boundary } from '../module/boundary.js';
import type { ClippingConfig } from './clipping.js';
import { readClipping } from './clipping.js';
import { DivergedError } from './divergence.js';
import { UnrollError } from '../errors.js';
import type { Metadata } from '../files/file-tensor.js';
import { metadataPairs } from '../files/file-tensor.js';
import { aFloat32Array, aNumber, bytes, oneOf, wholeFrom } from '../arguments/fields.js';
import { viewOf } from '../arguments/own.js';
import type { Classifier } from '../networks/classifier.js';
import type { LanguageModel } from '../networks/language-model.js';
import type { Regressor } from '../networks/regressor.js';
import { Owner } from '../module/owner.js';
import type { RawDivergence, RawTrainer } from '../module/raw-module.js';
import type { OptimizerConfig } from './optimizer-config.js';
import { anOptimizer } from './optimizer-config.js';
import type { ScheduleConfig } from './schedule-config.js';
import { aSchedule } from './schedule-config.js';
import type { ShardGradients } from './shard.js';
import { someShardGradients } from './shard.js';

/** The parts of the data. */
export type Part = 'train' | 'validation' | 'test';

/** Sizes, known when the trainer is made. */
export interface TrainerInfo {
  /** Numbers in all parameters together. */
  readonly parameterCount: number;
  /** Steps that read the training part once. */
  readonly stepsPerEpoch: number;
  /** What weights, gradients, moments and activations of one batch take. */
  readonly memoryBytes: number;
}

/** What some steps of training reported. */
export interface TrainedSlice {
  /** Steps done since the start. */
  readonly step: number;
  /** Complete passes over the training part before the next batch. */
  readonly epoch: number;
  /** Of each step: the mean loss over its batch before the update, in nats. */
  readonly losses: Float64Array;
  /** Of each step: the norm of the gradient over all parameters, before clipping. */
  readonly gradNorms: Float64Array;
  /** After each step: the mean of the losses of the last 50 steps, or of all while there are fewer. */
  readonly recentLosses: Float64Array;
}

/** What one step of several replicas reported. */
export interface TakenStep {
  /** Steps done since the start, with this one. */
  readonly step: number;
  /** Complete passes over the training part before the next batch. */
  readonly epoch: number;
  /** The mean over the batch of all replicas before the update, in nats. */
  readonly loss: number;
  /** The norm of the whole gradient, before clipping. */
  readonly gradNorm: number;
  /** The mean of the losses of the last 50 steps with this one, or of all while there are fewer. */
  readonly recentLoss: number;
}

/** An evaluation, finished or under way; a kind of trainer adds what its task measures. */
export interface Evaluation {
  readonly done: boolean;
  /** Answers given so far. */
  readonly positions: number;
  /** Mean over them of -ln p of what was right. */
  readonly lossNats: number;
}

/** The network of a trainer whose task is not known. */
export type Model = Classifier | LanguageModel | Regressor;

/** What one step did to one parameter; norms are L2. */
export interface ParameterStatistics {
  readonly name: string;
  /** Of its gradient, before it is clipped by norm and after it is clipped by value. */
  readonly gradNorm: number;
  /** Of its values after the step. */
  readonly weightNorm: number;
  /** Of what the step added to them. */
  readonly updateNorm: number;
  /**
   * updateNorm / weightNorm before the step; about 1e-3 is healthy. Null where all values were zero before, as biases are
   * after some initialisations.
   */
  readonly updateRatio: number | null;
}

/**
 * A network in training on data of its task. A step reads the next batch, computes the mean loss and its gradients, clips
 * them, and updates the weights.
 *
 * What a step does depends on the configuration, the data and the number of steps before it, on nothing else; so a run
 * that is told again, in slices of other lengths or with evaluations in between, gives the same weights to the bit. Made
 * by `Engine.createTrainer()`, which knows the task by the kind of the data.
 */
export abstract class Trainer<
  Info extends TrainerInfo = TrainerInfo,
  Measured extends Evaluation = Evaluation,
> extends Owner<RawTrainer> {
  readonly info: Info;

  /** @internal */
  constructor(boundary: Boundary, handle: RawTrainer) {
    super('Trainer', boundary, handle);
    this.info = this.ask((trainer) => trainer.info() as Info);
  }

  /** The network in training, to look at and to use: it shares the weights. Delete it after use. */
  abstract model(): Model;

  /**
   * That many steps, without a pause.
   *
   * @param steps from 1 on
   * @throws DivergedError `NOT_FINITE` when the loss, the gradient or a new weight is no longer a finite number. The
   *   trainer has then gone back to the last state that is known to be good, at most about fifty steps before; lower the
   *   learning rate before going on
   */
  train(steps: number): TrainedSlice {
    return this.#slice(wholeFrom(1)('Trainer.train: steps', steps), Infinity);
  }

  /**
   * At least one step, then more until there are `maxSteps` or `maxMs` milliseconds have passed. Only how many steps are
   * done depends on the clock.
   *
   * @throws UnrollError as `train()`, and `INVALID_ARGUMENT` when both bounds are infinite
   */
  trainSlice(maxSteps: number, maxMs: number): TrainedSlice {
    aNumber('Trainer.trainSlice: maxSteps', maxSteps);
    aNumber('Trainer.trainSlice: maxMs', maxMs);
    if (maxSteps === Infinity && maxMs === Infinity) {
      throw new UnrollError(
        'INVALID_ARGUMENT',
        'Trainer.trainSlice: maxSteps and maxMs are both infinite, expected an end',
      );
    }
    return this.#slice(maxSteps, maxMs);
  }

  /**
   * The first half of a step of one of several replicas (`TrainerConfig.shard`): reads this replica's share of the next
   * batch. Hand the result to every replica, this one included, and let each apply them all:
   *
   *   const all = replicas.map((trainer) => trainer.shardGradients());
   *   for (const trainer of replicas) trainer.applyGradients(all);
   *
   * @param into where the gradients are written, instead of into a new array: an array of a step before
   * @throws UnrollError `WRONG_STATE` in the middle of a step, `INVALID_ARGUMENT`, `SHAPE_MISMATCH`
   */
  shardGradients(into?: Float32Array<ArrayBuffer>): ShardGradients {
    if (into === undefined) return this.call((trainer) => trainer.shardGradients(null));
    const own = viewOf(Float32Array, aFloat32Array('Trainer.shardGradients: into', into));
    const { loss } = this.call((trainer) => trainer.shardGradients(own));
    return { loss, gradients: into };
  }

  /**
   * The second half: adds the gradients up, in the order of the replicas, so that all come to the same bits, and goes on
   * as a step of `train()` does. The arrays are only read.
   *
   * @param replicas what `shardGradients()` returned in each of the N replicas, in the order of their index
   * @throws DivergedError `NOT_FINITE` as `train()`, in all replicas in the same step; all go back to the same state
   * @throws UnrollError `WRONG_STATE` without `shardGradients()` before, `INVALID_ARGUMENT`, `SHAPE_MISMATCH`; nothing has
   *   changed then
   */
  applyGradients(replicas: readonly ShardGradients[]): TakenStep {
    const own = someShardGradients('Trainer.applyGradients: replicas', replicas);
    const { divergence, ...taken } = this.call((trainer) => trainer.applyGradients(own));
    if (divergence !== null) throw diverged(divergence);
    return taken;
  }

  /**
   * The loss of the present weights over a whole part, without dropout. Training is not touched; a
   * plateau schedule learns of the result by `observeValidation()` alone.
   *
   * @throws UnrollError `TEXT_TOO_SHORT` when there is nothing to answer in the part; `NOT_FINITE` when the weights have
   *   become too large to compute with
   */
  evaluate(part: Part): Measured {
    this.beginEvaluation(part);
    return this.continueEvaluation(Infinity);
  }

  /**
   * The same in slices, of the weights as they are now, also when training goes on in between; an evaluation that is
   * under way is dropped. Throws as `evaluate()`.
   */
  beginEvaluation(part: Part): void {
    const wanted = oneOf(['train', 'validation', 'test'])('Trainer.beginEvaluation: part', part);
    this.call((trainer) => trainer.beginEvaluation(wanted));
  }

  /**
   * Goes on for about `maxMs` milliseconds, at least a little.
   *
   * @throws UnrollError `WRONG_STATE` without `beginEvaluation()` before; `NOT_FINITE` as `evaluate()`
   */
  continueEvaluation(maxMs: number): Measured {
    aNumber('Trainer.continueEvaluation: maxMs', maxMs);
    return this.call((trainer) => trainer.continueEvaluation(maxMs)) as Measured;
  }

  /** Steps done since the start. */
  get step(): number {
    return this.ask((trainer) => trainer.steps());
  }

  /**
   * All that the next steps depend on, as a safetensors file: weights, moments, schedule, random generator, place in the
   * data and carried state. A trainer of the same configuration on the same data that restores it goes on to the same bits.
   *
   * @param notes to keep with it
   * @throws UnrollError `INVALID_ARGUMENT`, `TOO_BIG` for very long notes
   */
  saveState(notes: Metadata = []): Uint8Array<ArrayBuffer> {
    const pairs = metadataPairs(notes, 'Trainer.saveState: notes');
    return this.call((trainer) => trainer.saveState(pairs));
  }

  /**
   * Goes on from where a state was saved; an evaluation that is under way is dropped.
   *
   * @returns the notes that were kept with it
   * @throws UnrollError `FILE_INVALID`, `INVALID_CONFIG` for the state of another configuration, `INVALID_ARGUMENT` for that
   *   of another text, `MISSING_TENSOR`, `SHAPE_MISMATCH`, `NOT_FINITE`; nothing has changed then
   */
  restoreState(file: Uint8Array): ReadonlyMap<string, string> {
    const own = bytes('Trainer.restoreState: the file', file);
    return new Map(this.call((trainer) => trainer.restoreState(own)));
  }

  /**
   * What the last step did to each parameter, in the order of the `state_dict`, whatever else was computed with the model
   * since.
   *
   * @throws UnrollError `WRONG_STATE` when there was no step since the start or `restoreState()`, and in the middle of one
   */
  parameterStatistics(): ParameterStatistics[] {
    return this.call((trainer) => trainer.parameterStatistics());
  }

  /** The mean of the losses of the last 50 steps, or of all while there are fewer; null before the first. */
  get recentLoss(): number | null {
    return this.ask((trainer) => trainer.recentLoss());
  }

  /** Back to the same initial weights and step 0. */
  rewind(): void {
    this.call((trainer) => trainer.rewind());
  }

  /** Of the next step. */
  get learningRate(): number {
    return this.ask((trainer) => trainer.learningRate());
  }

  /**
   * Another optimizer, or other arguments, from the next step on. Moments stay while the kind does; a schedule starts anew
   * from the new learning rate.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`
   */
  configureOptimizer(config: OptimizerConfig): void {
    const own = anOptimizer('', config);
    this.call((trainer) => trainer.configureOptimizer(own));
  }

  /**
   * Other bounds of the gradients, from the next step on.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`
   */
  setClipping(clipping: ClippingConfig): void {
    const { clipNorm, clipValue } = readClipping('Trainer.setClipping', clipping);
    this.call((trainer) => trainer.setClipping(clipNorm, clipValue));
  }

  /**
   * Another schedule, which starts from the present learning rate; null: the rate stays.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`
   */
  setSchedule(config: ScheduleConfig | null): void {
    const own = config === null ? null : aSchedule('', config);
    this.call((trainer) => trainer.setSchedule(own));
  }

  /**
   * Tells a plateau schedule the loss of the validation part, or another metric that it watches; other schedules do not
   * look at it. This is the one thing beside the steps that a training depends on:
   *
   *   trainer.train(100);
   *   trainer.observeValidation(trainer.evaluate('validation').lossNats);
   *
   * @throws UnrollError `NOT_FINITE`
   */
  observeValidation(lossNats: number): void {
    aNumber('Trainer.observeValidation: lossNats', lossNats);
    this.call((trainer) => trainer.observeValidation(lossNats));
  }

  /**
   * From the next step on. A schedule goes on from there.
   *
   * @throws UnrollError `INVALID_CONFIG`
   */
  setLearningRate(learningRate: number): void {
    aNumber('Trainer.setLearningRate: learningRate', learningRate);
    this.call((trainer) => trainer.setLearningRate(learningRate));
  }

  #slice(maxSteps: number, maxMs: number): TrainedSlice {
    const { divergence, ...slice } = this.call((trainer) => trainer.trainSlice(maxSteps, maxMs));
    if (divergence !== null) throw diverged(divergence);
    return slice;
  }
}

function diverged({ message, ...facts }: RawDivergence): DivergedError {
  return new DivergedError(message, facts);
}
