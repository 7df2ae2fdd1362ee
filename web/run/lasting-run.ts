import { DivergedError, UnrollError } from '../engine/index.js';
import type { Engine, LanguageModelTrainer, Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { givenUp, isBreakdown, TRIES } from './breakdown.js';
import type { RunCheckpoint } from './checkpoint.js';
import type { RunActivity, RunEvent } from './run-events.js';
import type { Run } from './run.js';

/** At most so much is done anew after a breakdown. */
const CHECKPOINT_MS = 5000;

/** The part of the time that checkpoints may take, so that a large network gets fewer of them. */
const CHECKPOINT_SHARE = 0.01;

/** A short slice of what is done anew while somebody waits for the model. */
const SLICE_MS = 40;

export interface LastingRunOptions<Kind extends Trainer = LanguageModelTrainer> {
  /** Makes the run, at step 0, with a living engine (see `Engine.stopped`); again after each breakdown. */
  readonly make: () => Promise<Run<Kind>>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Where it begins, instead of at step 0. */
  readonly from?: RunCheckpoint | null | undefined;
  /** A step after `from` up to which everything has been told already; those steps are done once more, in silence. */
  readonly toldStep?: number | undefined;
  /** Gets each new checkpoint, which is not to be changed. */
  readonly onCheckpoint?: ((checkpoint: RunCheckpoint) => void) | undefined;
  /** Is told of a breakdown, before the run goes on from the last checkpoint. */
  readonly onBreakdown?: ((error: UnrollError) => void) | undefined;
  /** Lets other work in while steps are done anew. */
  readonly yieldToEvents?: (() => Promise<void>) | undefined;
}

/**
 * A run that outlives its engine. It is advanced like a `Run`, and keeps a checkpoint of it: every five seconds while it
 * is trained, or less often where that would take more than a hundredth of the time. When the engine, or the thread of a
 * replica, breaks down (`ENGINE_STOPPED`), it makes a new run, has it go on from the checkpoint, and drops what it has told
 * already; whoever listens hears each event once, with the same bits as without the breakdown.
 *
 *   const make = async () => startRun(await createEngine(), config, text, spawn);
 *   const run = await LastingRun.start({ make, now: () => performance.now() });
 *   while (run.activity !== 'done') for (const event of await run.advance(50)) show(event);
 *   const file = await run.ask(saveRun);
 *   run.delete();
 *
 * One call at a time. A run that breaks down three times without coming any further is given up: the call rejects with
 * `ENGINE_STOPPED`, and the next one tries anew.
 */
export class LastingRun<Kind extends Trainer = LanguageModelTrainer> implements Disposable {
  readonly #options: LastingRunOptions<Kind>;
  /** null after a breakdown, until the next call. */
  #run: Run<Kind> | null = null;
  #checkpoint: RunCheckpoint | null;
  #checkpointDue: number;
  #failures = 0;
  #isDeleted = false;
  #facts!: Pick<Run<Kind>, 'config' | 'info' | 'parts' | 'task'>;
  // As the last event has left them, while the run itself may be behind.
  #step: number;
  #activity: RunActivity = 'training';
  #trainLoss: number | null = null;
  /** What was told since the checkpoint, but for steps, and after which step. */
  readonly #told = new Map<string, number>();
  /** What has come up while nobody listened. */
  #held: RunEvent[] = [];
  /** The engine whose other half was asked for, and the one that has it. */
  #completing: Engine | null = null;
  #whole: Engine | null = null;

  /** @throws UnrollError as `Run`, `startRun()` and `Run.restore()` */
  static async start<Kind extends Trainer = LanguageModelTrainer>(
    options: LastingRunOptions<Kind>,
  ): Promise<LastingRun<Kind>> {
    const lasting = new this<Kind>(options);
    await lasting.#attempt((run) => lasting.#look(run));
    return lasting;
  }

  protected constructor(options: LastingRunOptions<Kind>) {
    this.#options = options;
    this.#checkpoint = options.from ?? null;
    this.#step = Math.max(this.#checkpoint?.step ?? 0, options.toldStep ?? 0);
    this.#checkpointDue = this.#step > 0 ? -Infinity : options.now() + CHECKPOINT_MS;
  }

  get config(): RunConfig {
    return this.#facts.config;
  }

  get info(): Kind['info'] {
    return this.#facts.info;
  }

  /** What is trained. */
  get task(): Run['task'] {
    return this.#facts.task;
  }

  /** What of the data there is anything to evaluate on. */
  get parts(): Run['parts'] {
    return this.#facts.parts;
  }

  /** Steps that have been told. */
  get step(): number {
    return this.#step;
  }

  get activity(): RunActivity {
    return this.#activity;
  }

  get trainLoss(): number | null {
    return this.#trainLoss;
  }

  /** As `Run.advance()`; nothing is told while the run is doing anew what was done before. */
  async advance(maxMs: number, maxSteps = Infinity): Promise<readonly RunEvent[]> {
    return this.#advance((run) => run.advance(maxMs, this.#isBehind(run) ? this.#step - run.step : maxSteps));
  }

  /** As `Run.takeFirstStep()`. */
  async takeFirstStep(): Promise<readonly RunEvent[]> {
    return this.#advance((run) => run.takeFirstStep());
  }

  /** Back to the same initial weights and step 0. */
  async rewind(): Promise<void> {
    this.#checkpoint = null;
    this.#checkpointDue = this.#options.now() + CHECKPOINT_MS;
    this.#told.clear();
    this.#held = [];
    this.#step = this.#failures = 0;
    await this.#attempt(async (run) => {
      await run.rewind();
      this.#look(run);
    });
  }

  /** An answer of the run at the present step, such as its model's; the question is put again after a breakdown. */
  async ask<Value>(question: (run: Run<Kind>) => Value | Promise<Value>): Promise<Value> {
    const answer = await this.#attempt(async (run) => {
      await this.#catchUp(run);
      return question(run);
    });
    this.#failures = 0;
    return answer;
  }

  /** Where the run is now, as `Run.checkpoint()`. */
  async checkpoint(): Promise<RunCheckpoint | null> {
    return this.ask((run) => run.checkpoint());
  }

  /** Takes a checkpoint before it is due, so that a breakdown from now on costs nothing; for when the run comes to rest. */
  async keep(): Promise<void> {
    await this.ask((run) => (this.#isFurther(run) ? this.#keep(run) : undefined));
  }

  delete(): void {
    this.#isDeleted = true;
    this.#discard();
  }

  [Symbol.dispose](): void {
    this.delete();
  }

  async #advance(
    action: (run: Run<Kind>) => readonly RunEvent[] | Promise<readonly RunEvent[]>,
  ): Promise<readonly RunEvent[]> {
    return this.#attempt(async (run) => {
      try {
        return await this.#tell(run, await action(run));
      } catch (error) {
        if (error instanceof DivergedError) await this.#goBack(run);
        throw error;
      }
    });
  }

  async #attempt<Value>(action: (run: Run<Kind>) => Value | Promise<Value>): Promise<Value> {
    for (;;) {
      try {
        return await action(await this.#living());
      } catch (error) {
        if (!isBreakdown(error)) throw error;
        this.#discard();
        // What is done anew is kept as soon as it is new.
        this.#checkpointDue = -Infinity;
        if (++this.#failures === TRIES) {
          this.#failures = 0;
          throw givenUp(error, this.#step);
        }
        this.#options.onBreakdown?.(error);
      }
    }
  }

  async #living(): Promise<Run<Kind>> {
    if (this.#isDeleted) throw new UnrollError('DELETED', 'LastingRun: it was deleted and cannot be used any more');
    // Somebody else's call may have broken it.
    if (this.#run?.engine.stopped) this.#discard();
    return (this.#run ??= await this.#make());
  }

  async #make(): Promise<Run<Kind>> {
    const run = await this.#options.make();
    try {
      if (this.#checkpoint !== null) await run.restore(this.#checkpoint);
      return run;
    } catch (error) {
      dispose(run);
      throw error;
    }
  }

  #discard(): void {
    const run = this.#run;
    this.#run = null;
    if (run !== null) dispose(run);
  }

  #isBehind(run: Run<Kind>): boolean {
    return run.step < this.#step;
  }

  async #catchUp(run: Run<Kind>): Promise<void> {
    while (this.#isBehind(run)) {
      this.#held.push(...this.#newEvents(await run.advance(SLICE_MS, this.#step - run.step)));
      await this.#options.yieldToEvents?.();
    }
    this.#look(run);
  }

  async #tell(run: Run<Kind>, events: readonly RunEvent[]): Promise<readonly RunEvent[]> {
    const told = [...this.#held, ...this.#newEvents(events)];
    this.#held = [];
    if (told.length > 0) this.#failures = 0;
    this.#look(run);
    if (run.step > 0) this.#isWhole(run.engine);
    if (this.#isFurther(run) && (this.#options.now() >= this.#checkpointDue || isAtItsEnd(run))) await this.#keep(run);
    return told;
  }

  #newEvents(events: readonly RunEvent[]): readonly RunEvent[] {
    return events.filter((event) => {
      if (event.type === 'steps') return event.step > this.#step;
      const key = keyOf(event);
      const isNew = !this.#told.has(key);
      this.#told.set(key, event.step);
      return isNew;
    });
  }

  #look(run: Run<Kind>): void {
    this.#facts ??= { config: run.config, info: run.info, parts: run.parts, task: run.task };
    if (this.#isBehind(run)) return;
    this.#step = run.step;
    this.#trainLoss = run.trainLoss;
    // A run that was restored has its end before it once more.
    this.#activity = this.#told.has('done') ? 'done' : run.activity;
  }

  /** After a divergence the run stands at an earlier step, which has been told; from there all is new. */
  async #goBack(run: Run<Kind>): Promise<void> {
    this.#step = run.step;
    this.#told.clear();
    this.#look(run);
    await this.#keep(run);
  }

  /** Whether a checkpoint of it would lie behind the last one. The end stays before it, so that it can tell its result. */
  #isFurther(run: Run<Kind>): boolean {
    return !this.#isBehind(run) && run.step > (this.#checkpoint?.step ?? 0) && run.activity !== 'done';
  }

  async #keep(run: Run<Kind>): Promise<void> {
    const { now, onCheckpoint } = this.#options;
    const start = now();
    const checkpoint = await this.#take(run);
    if (checkpoint === null) return;
    this.#checkpoint = checkpoint;
    // What is due after its own step may be due once more.
    for (const [key, step] of this.#told) if (step < checkpoint.step) this.#told.delete(key);
    onCheckpoint?.(checkpoint);
    const end = now();
    this.#checkpointDue = end + Math.max(CHECKPOINT_MS, (end - start) / CHECKPOINT_SHARE);
  }

  /**
   * Whether what saves a state is there. It is in the engine's other half, which is asked for behind the first step, and for
   * which training does not wait.
   */
  #isWhole(engine: Engine): boolean {
    if (this.#whole === engine) return true;
    if (this.#completing === engine) return false;
    this.#completing = engine;
    engine.complete().then(
      () => (this.#whole = engine),
      () => (this.#completing = null),
    );
    return false;
  }

  /** null when there is none to be had, which is no reason to stop: the one before will do. */
  async #take(run: Run<Kind>): Promise<RunCheckpoint | null> {
    if (!this.#isWhole(run.engine)) return null;
    try {
      return await run.checkpoint();
    } catch (error) {
      this.#checkpointDue = this.#options.now() + CHECKPOINT_MS;
      // What has just happened is told first. The next call sees to it.
      if (isBreakdown(error)) this.#discard();
      else if (!(error instanceof UnrollError && SHORTAGES.has(error.code))) throw error;
      return null;
    }
  }
}

const SHORTAGES: ReadonlySet<string> = new Set(['OUT_OF_MEMORY', 'TOO_BIG']);

/** Before its last word. */
function isAtItsEnd(run: Pick<Run, 'activity' | 'step' | 'config'>): boolean {
  return run.activity === 'finishing' && run.step === run.config.steps;
}

function keyOf(event: RunEvent): string {
  if (event.type === 'done') return event.type;
  return `${event.type} ${event.step} ${event.type === 'evaluation' ? event.part : ''}`;
}

/** Of an engine that breaks down while it is freed there is nothing left to free. */
function dispose(run: Pick<Run, 'delete'>): void {
  try {
    run.delete();
  } catch (error) {
    if (!isBreakdown(error)) throw error;
  }
}
