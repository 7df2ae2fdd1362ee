import { UnrollError } from '../engine/index.js';
import type { Engine, LanguageModel, Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { outliving } from '../run/breakdown.js';
import type { LastingRun, LastingRunOptions } from '../run/lasting-run.js';
import type { Run } from '../run/run.js';
import type { RunActivity, RunResult } from '../run/run-events.js';
import { Cancelled, Lock } from './lock.js';
import type { Token } from './lock.js';
import { Endurance, msForBytes, msForFlops, PieceTimes } from './endurance.js';
import type { Busy, Mended, Progress, Sample, TrainOutcome } from './protocol.js';
import { Reporter } from './reporter.js';
import { RunSource } from './run-source.js';
import type { RunSourceOptions } from './run-source.js';
import { Slices } from './slices.js';
import { loadTask } from '../tasks/tasks.js';
import { dataBytes } from './work-size.js';

/** How long a slice of work may take: short enough that Pause feels immediate, long enough that yielding costs nothing. */
export const SLICE_MS = 40;

export interface SessionOptions extends RunSourceOptions {
  readonly send: (message: Progress | Busy | Mended, transfer: Transferable[]) => void;
  /** Lets waiting messages in. */
  readonly yieldToEvents: () => Promise<void>;
  readonly now: () => number;
}

/** A model from a file, beside the one in training. */
export interface ModelBeside {
  /** `engine` is for the case that its own has broken down. */
  model(engine: Engine): Promise<LanguageModel>;
}

/** A run of any task. */
type AnyRun = LastingRun<Trainer>;

/** What requests work with: the run, its engine, and the slices in which it is trained. */
export class Session {
  readonly options: SessionOptions;
  readonly source: RunSource;
  readonly lock = new Lock();
  readonly reporter: Reporter;
  readonly endurance: Endurance;
  readonly slices: Slices;
  opened: ModelBeside | null = null;
  /** What is written just now for the reader. */
  writing: Token | null = null;
  #run: AnyRun | null = null;
  /** Made when a text of the reader's own was tried with the present settings. */
  #spare: AnyRun | null = null;
  #pieces = new PieceTimes<RunActivity>();
  #result: RunResult | null = null;
  /** Whether the run's engine was asked for its deferred part. */
  #isCompleting = false;

  constructor(options: SessionOptions) {
    this.options = options;
    this.source = new RunSource(options);
    this.reporter = new Reporter(options.send);
    this.endurance = new Endurance((ms) => options.send({ kind: 'busy', ms }, []));
    this.slices = new Slices(options.now);
  }

  /** The page has drawn the last batch of progress. */
  drawn(): void {
    this.reporter.drawn();
  }

  get run(): AnyRun {
    if (this.#run === null) throw new Error('Session: there is no run yet');
    return this.#run;
  }

  /** Another run, or this one once more from its beginning, under the id of the request that asked for it. */
  begin(id: number, run: AnyRun): void {
    if (this.#run !== run) this.#run?.delete();
    this.#run = run;
    this.#result = null;
    this.#pieces = new PieceTimes();
    this.#isCompleting = false;
    this.reporter.begin(id, run.task.unitsPerStep(run.config), run.step);
  }

  /** A new run; the spare one if that is what was asked for, which is then no spare any more. */
  async take(config: RunConfig): Promise<AnyRun> {
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null && isSame(spare, config)) return spare;
    spare?.delete();
    return this.start(config);
  }

  /** Makes a run that the next `prepare` may ask for. */
  async makeSpare(config: RunConfig): Promise<void> {
    const spare = await this.start(config);
    this.#spare?.delete();
    this.#spare = spare;
  }

  start(config: RunConfig, options: Pick<LastingRunOptions<Trainer>, 'from' | 'toldStep'> = {}): Promise<AnyRun> {
    const { now, yieldToEvents, send } = this.options;
    return this.reading(config, () =>
      this.source.start(config, {
        now,
        yieldToEvents,
        onCheckpoint: (checkpoint) => this.reporter.keep(checkpoint),
        onBreakdown: () => send({ kind: 'mended' }, []),
        ...options,
      }),
    );
  }

  /** The run's, unless there is none. */
  anyEngine(): Promise<Engine> {
    return this.source.engine(this.#run?.config.fast ?? false);
  }

  /** For what is in the deferred part, so that nothing waits for that but the request that needs it. */
  async complete(): Promise<void> {
    await (await this.anyEngine()).complete();
  }

  /** Something with the text of a configuration, which may take its time; again when the engine breaks down over it. */
  async reading<Value>(config: RunConfig, work: () => Promise<Value>): Promise<Value> {
    const task = await loadTask(config.task);
    return this.endurance.during(msForBytes(dataBytes(task, config)), () => outliving(work));
  }

  /** Something with the run between two slices of training, which waits meanwhile. */
  aside<Value>(work: (run: AnyRun) => Promise<Value>): Promise<Value> {
    return this.slices.between(() => work(this.run));
  }

  /** Something with the model as it is now, to be looked at: it takes at most a tenth of training's time. */
  look<Value>(work: (model: LanguageModel) => Value): Promise<Value> {
    return this.slices.seldom(() => this.withModel(this.run, work));
  }

  /** Something that only a language model can do. */
  async withModel<Value>(run: AnyRun, work: (model: LanguageModel) => Value | Promise<Value>): Promise<Value> {
    expectLanguage(run.config);
    return run.ask((inner) => inner.engine.scope(async (scope) => work(scope.use(inner.model() as LanguageModel))));
  }

  /** Slices of work until the run has done `untilStep` steps and nothing is due there, or the token says stop. */
  async advance(token: Token, untilStep: number): Promise<TrainOutcome> {
    const { run } = this;
    try {
      while (run.activity !== 'done' && !(run.step >= untilStep && run.activity === 'training')) {
        await this.slices.settled();
        await this.#advanceOnce(run, untilStep);
        if (run.step > 0) this.fetchRest();
        await this.options.yieldToEvents();
        if (token.cancelled) throw new Cancelled();
        if (token.paused) break;
      }
      await this.#rest(run);
    } finally {
      this.slices.rest();
    }
    return {
      batch: this.reporter.lastBatch,
      reason: run.activity === 'done' ? 'finished' : 'paused',
      result: this.#result,
    };
  }

  async #advanceOnce(run: AnyRun, untilStep: number): Promise<void> {
    const { activity } = run;
    const start = this.options.now();
    // The reader has pressed a key and waits for the first step.
    const isFirst = run.step === 0 && untilStep > 0 && run.config.workers === 1;
    const events = await this.slices.hold(
      this.endurance.during(this.#bound(run, isFirst), () =>
        isFirst ? run.takeFirstStep() : run.advance(SLICE_MS, Math.max(1, untilStep - run.step)),
      ),
    );
    const elapsedMs = this.options.now() - start;
    this.slices.trained(elapsedMs);
    this.#pieces.note(activity, elapsedMs);
    for (const event of events) if (event.type === 'done') this.#result = event.result;
    this.reporter.note(events, elapsedMs, run.activity);
  }

  /** Where training stops it is kept, so that nothing is to be done anew if the worker dies now. */
  async #rest(run: AnyRun): Promise<void> {
    await this.slices.settled();
    await this.slices.hold(run.keep());
    this.reporter.note([], 0, run.activity);
  }

  /** How long the next slice may take at the worst. */
  #bound({ config, info, task, activity }: AnyRun, isFirst: boolean): number {
    const flops = (piece: 'step' | 'sample'): number => task.pieceFlops(config, info.parameterCount, piece);
    if (isFirst) return msForFlops(flops('sample') + flops('step'));
    return this.#pieces.bound(activity, flops(activity === 'sampling' ? 'sample' : 'step'));
  }

  /**
   * Once there is time for it. Nobody waits; requests that need the rest of the engine ask for it themselves, so that a
   * file that cannot be had fails the request and not a call inside the engine, which would be the end of it.
   */
  fetchRest(): void {
    if (this.#isCompleting) return;
    this.#isCompleting = true;
    this.complete().catch(() => undefined);
  }

  /** What the network writes now, by the rules of the run. */
  sample(run: Run<Trainer>): Promise<Sample> {
    const ms = msForFlops(run.task.pieceFlops(run.config, run.info.parameterCount, 'sample'));
    return this.endurance.during(ms, () => ({ step: run.step, text: run.sample() }));
  }
}

/** @throws UnrollError `WRONG_STATE` unless it is a run of a language model. */
export function expectLanguage({ task }: RunConfig): void {
  if (task === 'language') return;
  throw new UnrollError('WRONG_STATE', `Session: the network in training is for ${task}, expected a language model`);
}

/** Of two runs: numbers, words, lists of numbers, and texts of one's own, each of which is one object. */
function isSame({ config: a, task }: AnyRun, b: RunConfig): boolean {
  if (a.task !== b.task || task.source(a) !== task.source(b)) return false;
  const short = (_: string, value: unknown) => (value === task.source(a) ? '' : value);
  return JSON.stringify(a, short) === JSON.stringify(b, short);
}
