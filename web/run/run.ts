import { DivergedError, UnrollError } from '../engine/index.js';
import type { Engine, LanguageModelTrainer, TrainedSlice, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import type { Replicas } from '../parallel/index.js';
import { languageTask } from '../tasks/language/task.js';
import type { Task } from '../tasks/task.js';
import { BlowUpWatch } from './blow-up.js';
import { noteOf, readNote } from './checkpoint.js';
import type { Evaluated, RunCheckpoint } from './checkpoint.js';
import { trainerConfigOf } from './run-options.js';
import type { RunOptions } from './run-options.js';
import type { RunActivity, RunEvent, RunResult } from './run-events.js';
import { dutiesAt, dutyPlan, nextStop } from './duties.js';
import type { Duty, DutyPlan } from './duties.js';
import { checkWorkers, expectEqual, onlyOne } from './one-for-each-worker.js';

/**
 * A run in progress: the one place that knows in which order there is training, evaluation and sampling, of whatever task.
 * The command line and the training worker both advance one of these, so both do the same, to the bit, however they slice
 * it.
 *
 *   const run = new Run(engine, config, text);
 *   while (run.activity !== 'done') for (const event of await run.advance(50)) show(event);
 *   run.delete();
 */
export class Run<Kind extends Trainer = LanguageModelTrainer> implements Disposable {
  /** Sizes of the network and of the three parts of the data; the memory is that of all workers. */
  readonly info: Kind['info'];

  /** What is trained. */
  readonly task: Task;

  /** What of the data there is anything to evaluate on. */
  readonly parts: ReturnType<Task['parts']>;

  /** Whether it started from a model, and not from weights of its seed. */
  readonly startsFromModel: boolean;

  #settings: RunConfig;
  private readonly replicas: Replicas<Trainer> | null;
  private readonly trainer: Kind;
  private plan: DutyPlan;
  private readonly watch: BlowUpWatch;
  private steps = 0;
  private duties: Duty[];
  /** What an evaluation under way is of. */
  private evaluating: { readonly step: number; readonly trainLoss: number | null } | null = null;
  private validation: Evaluated | null = null;
  private test: Evaluated | null = null;

  /**
   * Throws `UnrollError` when the engine cannot train this configuration on this data, when a value is of no use with it, as
   * a prompt that has other characters, or when there are not as many replicas as the configuration has workers (see
   * `startRun`).
   */
  constructor(
    /** Of this thread. */
    readonly engine: Engine,
    private readonly origin: RunConfig,
    data: TrainingData,
    { task = languageTask as unknown as Task, ...options }: RunOptions = {},
  ) {
    this.#settings = origin;
    this.task = task;
    this.startsFromModel = options.start !== undefined;
    this.replicas = options.replicas ?? null;
    checkWorkers(origin, this.replicas?.count ?? 1);
    this.trainer = (this.replicas?.trainer ??
      engine.createTrainer(trainerConfigOf(task, origin, options.start), data)) as Trainer as Kind;
    const { trainer } = this;
    this.info = { ...trainer.info, memoryBytes: task.memoryBytes(engine, origin, trainer) };
    this.watch = new BlowUpWatch(task.blindNats(trainer));
    this.parts = task.parts(trainer);
    this.plan = dutyPlan(origin, this.parts, {
      ...options,
      samples: !!task.sample && options.samples !== false,
    });
    this.duties = dutiesAt(0, this.plan);
    this.check();
  }

  /** Its values as they are now: those that it was made with, but for what `adjust()` has changed. */
  get config(): RunConfig {
    return this.#settings;
  }

  /** What a run must be made with to restore this one's checkpoints: the learning rate comes with a checkpoint. */
  get restorable(): RunConfig {
    return { ...this.#settings, learningRate: this.origin.learningRate };
  }

  /** Steps done so far. */
  get step(): number {
    return this.steps;
  }

  /** Mean over the last 50 steps, in nats per character; null before the first. */
  get trainLoss(): number | null {
    return this.trainer.recentLoss;
  }

  get activity(): RunActivity {
    const duty = this.duties[0];
    if (duty !== undefined) return ACTIVITIES[duty];
    return this.steps === this.plan.steps ? 'done' : 'training';
  }

  /**
   * Goes on for about `maxMs` milliseconds with what `activity` says, at least one step of it, and tells what happened;
   * nothing when an evaluation is not finished yet or the run is done. `maxSteps` bounds the steps of training.
   *
   * Call it again only when it has ended.
   */
  async advance(maxMs: number, maxSteps = Infinity): Promise<readonly RunEvent[]> {
    if (this.replicas && this.activity === 'finishing') await expectEqual(this.replicas, this.steps);
    if (this.activity !== 'training') return this.performNext(maxMs);
    return this.train(Math.min(this.room, maxSteps), maxMs);
  }

  private async train(maxSteps: number, maxMs: number): Promise<readonly RunEvent[]> {
    try {
      return this.tell(await (this.replicas ?? this.trainer).trainSlice(maxSteps, maxMs));
    } catch (error) {
      throw this.goneBack(error);
    }
  }

  /** What is due next, if anything is. */
  private performNext(maxMs: number): readonly RunEvent[] {
    const duty = this.duties[0];
    if (duty === undefined) return [];
    const event = this.performed(duty, maxMs);
    if (event === null) return [];
    this.duties.shift();
    return [event, ...(event.type === 'evaluation' ? this.watch.afterEvaluation(event) : [])];
  }

  /**
   * The first step before its turn, for those who wait for it: the evaluation of the untrained weights, which may take as
   * long as many steps, is begun and ends after it. To be called at step 0, in place of the first `advance()` that trains,
   * of a run with one worker: others are not waited for.
   */
  async takeFirstStep(): Promise<readonly RunEvent[]> {
    if (this.replicas !== null) {
      throw new UnrollError('WRONG_STATE', 'Run.takeFirstStep: this run has workers, use advance()');
    }
    if (this.steps > 0) {
      throw new UnrollError('WRONG_STATE', `Run.takeFirstStep: ${this.steps} steps are done already, use advance()`);
    }
    const before = this.duties.filter((duty) => duty !== 'validate').map((duty) => this.perform(duty, 0)!);
    const after = this.duties.filter((duty) => duty === 'validate');
    if (after.length > 0) this.beginEvaluation('validation');
    const step = await this.train(1, 0);
    this.duties.unshift(...after);
    return [...before, ...step];
  }

  /**
   * Another learning rate or another bound of the gradients, from the next step on. Not while `advance()` is under way.
   *
   * @throws UnrollError as `Trainer.setLearningRate()` and `setClipping()`; nothing has changed then
   */
  async adjust({ learningRate, clipNorm }: Pick<RunConfig, 'learningRate' | 'clipNorm'>): Promise<void> {
    const trainer = this.replicas ?? this.trainer;
    const { clipNorm: before } = this.config;
    await trainer.setClipping({ clipNorm });
    try {
      await trainer.setLearningRate(learningRate);
    } catch (error) {
      await trainer.setClipping({ clipNorm: before });
      throw error;
    }
    this.#settings = { ...this.#settings, learningRate, clipNorm };
  }

  /** Back to the same initial weights and step 0. Not while `advance()` is under way. */
  async rewind(): Promise<void> {
    await (this.replicas ?? this.trainer).rewind();
    this.beginAnew();
  }

  /**
   * Where the run is now, to go on from later or elsewhere. null in the middle of an evaluation of weights that are gone
   * by now (see `takeFirstStep`), and for a short while only. Not while `advance()` is under way.
   */
  async checkpoint(): Promise<RunCheckpoint | null> {
    if (this.evaluating !== null && this.evaluating.step !== this.steps) return null;
    const notes = noteOf({
      validation: this.validation,
      test: this.test,
      done: this.doneHere(),
      learningRate: this.#settings.learningRate,
      blewUp: this.watch.told,
    });
    const states = this.replicas === null ? [this.trainer.saveState(notes)] : await this.replicas.saveState(notes);
    return { step: this.steps, states };
  }

  /**
   * Goes on from a checkpoint of a run of the same network, training and text. Steps and intervals may be others: a run
   * that had come to its end goes on to a later one.
   *
   * @throws UnrollError as `Trainer.restoreState()`; `INVALID_CONFIG` when the checkpoint lies behind the last step, and
   *   `FILE_INVALID` when it is not a run's, after which the run has to be rewound. As `Replicas.restoreState()` with workers
   */
  async restore(checkpoint: RunCheckpoint): Promise<void> {
    const { step, states } = checkpoint;
    if (step > this.config.steps) {
      const what = `the checkpoint is of step ${step}, but the run has ${this.config.steps} steps`;
      throw new UnrollError('INVALID_CONFIG', `Run.restore: ${what}; give it at least as many`);
    }
    const notes =
      this.replicas === null ? this.trainer.restoreState(onlyOne(states)) : await this.replicas.restoreState(states);
    const memory = readNote(notes);
    this.beginAnew();
    this.#settings = { ...this.#settings, learningRate: memory.learningRate };
    this.watch.clear(memory.blewUp);
    this.validation = memory.validation;
    this.test = memory.test;
    this.steps = this.trainer.step;
    this.duties = dutiesAt(this.steps, this.plan).filter((duty) => !memory.done.includes(duty));
  }

  /** After a divergence the trainer has gone back to its last good state, and the run with it. Returns the error. */
  private goneBack(error: unknown): unknown {
    if (!(error instanceof DivergedError)) return error;
    const { resumedAtStep } = error.divergence;
    this.steps = resumedAtStep;
    this.evaluating = null;
    this.duties = [];
    return error;
  }

  /** What was due at this step and has been done. */
  private doneHere(): Duty[] {
    return dutiesAt(this.steps, this.plan).filter((duty) => !this.duties.includes(duty));
  }

  private beginAnew(): void {
    this.#settings = { ...this.#settings, learningRate: this.origin.learningRate };
    this.watch.clear();
    this.steps = 0;
    this.evaluating = null;
    this.validation = this.test = null;
    this.duties = dutiesAt(0, this.plan);
  }

  /** What simple guessing achieves on the validation part, in nats. */
  baselines(): BaselinesOf<Kind> {
    return this.task.baselines(this.trainer) as BaselinesOf<Kind>;
  }

  /** The network as it is now, sharing its weights with the run. Delete it after use. */
  model(): ReturnType<Kind['model']> {
    return this.trainer.model() as ReturnType<Kind['model']>;
  }

  /** What the network makes now, as a language model writes from the run's prompt and sampling seed. */
  sample(): string {
    return this.task.sample?.(this.trainer, this.config).text ?? '';
  }

  delete(): void {
    this.replicas?.delete();
    this.trainer.delete();
  }

  [Symbol.dispose](): void {
    this.delete();
  }

  /** Steps until something is due. */
  private get room(): number {
    return nextStop(this.steps, this.plan) - this.steps;
  }

  private tell({ step, epoch, losses, gradNorms, recentLosses }: TrainedSlice): readonly RunEvent[] {
    const blowUp = this.watch.afterSteps(this.steps, losses, recentLosses);
    this.steps = step;
    this.duties = dutiesAt(step, this.plan);
    return [{ type: 'steps', step, epoch, losses, gradNorms }, ...blowUp];
  }

  /**
   * As `perform()`. Weights that nothing can be computed with are due nothing: the next step fails as well, and then the
   * trainer goes back.
   */
  private performed(duty: Duty, maxMs: number): RunEvent | null {
    try {
      return this.perform(duty, maxMs);
    } catch (error) {
      if (error instanceof UnrollError && error.code === 'NOT_FINITE') {
        this.duties = [];
        this.evaluating = null;
      }
      throw error;
    }
  }

  /** null when the duty needs another slice. */
  private perform(duty: Duty, maxMs: number): RunEvent | null {
    switch (duty) {
      case 'validate':
        return this.evaluate('validation', maxMs);
      case 'test':
        return this.evaluate('test', maxMs);
      case 'sample':
        return { type: 'sample', step: this.steps, ...this.task.sample!(this.trainer, this.config) };
      case 'fingerprint':
        return { type: 'fingerprint', step: this.steps, fingerprint: this.fingerprint() };
      case 'finish':
        return { type: 'done', step: this.steps, result: this.result() };
    }
  }

  private evaluate(part: 'validation' | 'test', maxMs: number): RunEvent | null {
    const of = this.beginEvaluation(part);
    const evaluation = this.trainer.continueEvaluation(maxMs);
    if (!evaluation.done) return null;
    this.evaluating = null;
    const evaluated = { lossNats: evaluation.lossNats, measures: this.task.measures(evaluation) };
    this[part] = evaluated;
    return { type: 'evaluation', ...of, part, ...evaluated };
  }

  /** Of the weights as they are now, unless there is one under way. */
  private beginEvaluation(part: 'validation' | 'test'): NonNullable<Run<Kind>['evaluating']> {
    if (this.evaluating !== null) return this.evaluating;
    this.trainer.beginEvaluation(part);
    return (this.evaluating = { step: this.steps, trainLoss: this.trainLoss });
  }

  private result(): RunResult {
    return {
      step: this.steps,
      // There is one: a run has at least one step.
      trainLoss: this.trainLoss!,
      valLoss: this.validation?.lossNats ?? null,
      testLoss: this.test?.lossNats ?? null,
      valMeasures: this.validation?.measures ?? {},
      testMeasures: this.test?.measures ?? {},
      parameterCount: this.info.parameterCount,
      fingerprint: this.fingerprint(),
      ...this.engine.buildInfo(),
    };
  }

  private fingerprint(): string {
    return this.engine.scope((scope) => scope.use(this.trainer.model()).fingerprint());
  }

  private check(): void {
    try {
      this.task.check?.(this.trainer, this.config);
    } catch (error) {
      this.delete();
      throw error;
    }
  }
}

type BaselinesOf<Kind> = Kind extends { baselines(): infer Baselines } ? Baselines : object;

const ACTIVITIES: Readonly<Record<Duty, RunActivity>> = {
  validate: 'evaluating',
  test: 'evaluating',
  sample: 'sampling',
  fingerprint: 'finishing',
  finish: 'finishing',
};
