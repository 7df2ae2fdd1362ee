import type { Engine, LanguageModel, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { outliving } from '../run/breakdown.js';
import { distinctCharacters } from '../run/distinct-characters.js';
import { trainerConfig } from '../run/engine-config.js';
import { LastingRun } from '../run/lasting-run.js';
import type { LastingRunOptions } from '../run/lasting-run.js';
import type { Run } from '../run/run.js';
import type { RunActivity, RunResult } from '../run/run-events.js';
import { runMemory } from '../run/run-memory.js';
import type { Token } from './lock.js';
import { Cancelled, Lock } from './lock.js';
import { Endurance, msForBytes, msForFlops, PieceTimes } from './endurance.js';
import type { OpenedModel } from './model-files.js';
import { MEASURE_FLOPS, measureSpeed } from './speed.js';
import type {
  Baselines,
  Busy,
  GenerateArgs,
  Generated,
  Mended,
  Prepared,
  Progress,
  Requests,
  Resumed,
  Sample,
  TrainOutcome,
} from './protocol.js';
import { Reporter } from './reporter.js';
import { RunSource } from './run-source.js';
import type { RunSourceOptions } from './run-source.js';
import { pieceFlops, textBytes, writingFlops } from './work-size.js';
import { writeTwice } from './write-text.js';

/** How long a slice of work may take: short enough that Pause feels immediate, long enough that yielding costs nothing. */
const SLICE_MS = 40;

/** Characters of the text that the page gets to show. */
const EXCERPT_CHARS = 1500;

export interface SessionOptions extends RunSourceOptions {
  readonly send: (message: Progress | Busy | Mended, transfer: Transferable[]) => void;
  /** Lets waiting messages in. */
  readonly yieldToEvents: () => Promise<void>;
  readonly now: () => number;
}

/** What the worker does with requests: it owns the engine's objects, and everything here is measured in slices. */
export class Session {
  readonly #options: SessionOptions;
  readonly #source: RunSource;
  readonly #lock = new Lock();
  readonly #reporter: Reporter;
  readonly #endurance: Endurance;
  #opened: OpenedModel | null = null;
  #run: LastingRun | null = null;
  #pieces = new PieceTimes<RunActivity>();
  #result: RunResult | null = null;
  /** What the run does just now; messages come in between. */
  #slice: Promise<unknown> = Promise.resolve();
  /** What training waits for. */
  #between: Promise<unknown> = Promise.resolve();
  #writing: Token | null = null;
  /** Whether the run's engine was asked for its deferred part. */
  #isCompleting = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#source = new RunSource(options);
    this.#reporter = new Reporter(options.send);
    this.#endurance = new Endurance((ms) => options.send({ kind: 'busy', ms }, []));
  }

  /** The page has drawn the last batch of progress. */
  drawn(): void {
    this.#reporter.drawn();
  }

  /** Strictly: a file in another encoding is refused instead of being read as gibberish. */
  async readText(bytes: Uint8Array): Promise<{ text: string }> {
    const { decodeUtf8 } = await import('../engine/text/decode-utf8.js');
    return { text: decodeUtf8(bytes) };
  }

  /** Whether the engine takes this configuration and text. */
  check(config: RunConfig): Promise<null> {
    return this.#reading(config, async () => {
      (await this.#source.make(config)).delete();
      return null;
    });
  }

  /** A new run in place of the one before, which stays untouched when the new one is refused. */
  prepare(id: number, config: RunConfig): Promise<Prepared> {
    return this.#lock.acquire(async (token) => {
      const [, text] = await this.#source.load(config);
      if (token.cancelled) throw new Cancelled();
      const run = await this.#start(config);
      try {
        const prepared = await run.ask(async (inner) => ({
          ...inner.engine.buildInfo(),
          fallback: inner.engine.fallback?.code ?? null,
          info: { ...inner.info },
          excerpt: beginningOf(text),
          textChars: inner.info.trainChars + inner.info.validationChars + inner.info.testChars,
          sample: await this.#sample(inner),
        }));
        this.#begin(id, run);
        return prepared;
      } catch (error) {
        run.delete();
        throw error;
      }
    });
  }

  /** Goes on with the run of a worker that has died; whatever else is asked for waits for it. */
  resume({ runId, config, checkpoint, step, batch }: Resumed): Promise<null> {
    this.#reporter.goOnAfter(batch);
    const resumed = this.#lock.hold(async () => {
      this.#begin(runId, await this.#start(config, { from: checkpoint, toldStep: step }));
      return null;
    });
    return this.#hold(resumed);
  }

  /** What counting alone achieves on the run's text. */
  async baselines(): Promise<Baselines> {
    await this.#complete();
    return this.#aside((run) => this.#reading(run.config, () => run.ask((inner) => ({ ...inner.baselines() }))));
  }

  /** Back to the same initial weights. */
  rewind(id: number): Promise<{ sample: Sample }> {
    return this.#lock.acquire(() =>
      this.#aside(async (run) => {
        await run.rewindAsync();
        this.#begin(id, run);
        return { sample: await run.ask((inner) => this.#sample(inner)) };
      }),
    );
  }

  /** What is due before the next step; training that begins meanwhile goes on with it where it is. */
  lookFirst(): Promise<TrainOutcome> {
    return this.#lock.acquire((token) => this.#advance(token, this.#current().step));
  }

  /** Trains to the end, or until it is paused. */
  train(): Promise<TrainOutcome> {
    return this.#lock.acquire((token) => this.#advance(token, Infinity));
  }

  /** One optimizer update, with the evaluations and samples that are due before and after it. */
  step(until: number): Promise<TrainOutcome> {
    return this.#lock.acquire((token) => this.#advance(token, until));
  }

  async pause(): Promise<null> {
    await this.#lock.pause();
    return null;
  }

  async plan(config: RunConfig): Promise<Requests['plan']['value']> {
    return this.#reading(config, async () => {
      const [engine, text] = await this.#source.load(config);
      const vocabSize = distinctCharacters(text);
      const { parameterCount } = engine.plan({ ...trainerConfig(config), vocabSize });
      return { parameterCount, memoryBytes: runMemory(engine, config, vocabSize), vocabSize };
    });
  }

  async measure(config: RunConfig): Promise<Requests['measure']['value']> {
    return this.#reading(config, async () => {
      const [engine, text] = await this.#source.load(config);
      const speed = await this.#endurance.during(msForFlops(MEASURE_FLOPS), () =>
        measureSpeed(engine, config, text, this.#options.now),
      );
      this.#fetchRest();
      return speed;
    });
  }

  /** How many workers pay for this run here. Whoever presses Train meanwhile waits for the measurement. */
  chooseWorkers(config: RunConfig): Promise<Requests['chooseWorkers']['value']> {
    return this.#lock.acquire(() =>
      this.#reading(config, async () => {
        const [engine, text] = await this.#source.load(config);
        const several = await this.#source.several();
        const ms = several.longestMs(engine, config, text);
        const { workers, why } = await this.#endurance.during(ms, () => several.choose(engine, config, text));
        return { workers, why };
      }),
    );
  }

  /** Continues a prompt twice, by certainty and by dice. Training waits, so that both are by the same weights. */
  generate(args: GenerateArgs): Promise<Generated> {
    if (this.#writing !== null) this.#writing.cancelled = true;
    const token: Token = { paused: false, cancelled: false };
    this.#writing = token;
    const { yieldToEvents, now } = this.#options;
    const clock = { yieldToEvents, now, sliceMs: SLICE_MS, token };
    const write = (model: LanguageModel): Promise<Generated> =>
      this.#endurance.during(msForFlops(writingFlops(args.prompt.length, model.parameterCount)), () =>
        writeTwice(model, args, clock),
      );
    if (args.source === 'file') {
      return this.#wait(() => outliving(async () => write(await this.#openedModel())));
    }
    return this.#aside((run) =>
      run.ask(async (inner) => {
        const model = inner.model();
        try {
          return await write(model);
        } finally {
          model.delete();
        }
      }),
    );
  }

  async saveModel(): Promise<Requests['saveModel']['value']> {
    const [{ saveRun }] = await Promise.all([import('./model-files.js'), this.#complete()]);
    return this.#aside(async (run) => ({ bytes: await run.ask(saveRun) }));
  }

  /** A model from a file, beside the one in training. */
  async openModel(bytes: Uint8Array): Promise<Requests['openModel']['value']> {
    const { OpenedModel } = await import('./model-files.js');
    const opened = (this.#opened ??= new OpenedModel());
    return outliving(async () => opened.open(await this.#anyEngine(), bytes));
  }

  async #openedModel(): Promise<LanguageModel> {
    if (this.#opened === null) throw new Error('Session: no model file is open');
    return this.#opened.model(await this.#anyEngine());
  }

  /** The run's, unless there is none. */
  #anyEngine(): Promise<Engine> {
    return this.#source.engine(this.#run?.config.fast ?? false);
  }

  /** Something with the text of a configuration, which may take its time; again when the engine breaks down over it. */
  #reading<Value>(config: RunConfig, work: () => Promise<Value>): Promise<Value> {
    return this.#endurance.during(msForBytes(textBytes(config)), () => outliving(work));
  }

  #start(config: RunConfig, options: Pick<LastingRunOptions, 'from' | 'toldStep'> = {}): Promise<LastingRun> {
    const { now, yieldToEvents, send } = this.#options;
    return this.#reading(config, () =>
      this.#source.start(config, {
        now,
        yieldToEvents,
        onCheckpoint: (checkpoint) => this.#reporter.keep(checkpoint),
        onBreakdown: () => send({ kind: 'mended' }, []),
        ...options,
      }),
    );
  }

  /** For what is in the deferred part, so that nothing waits for that but the request that needs it. */
  async #complete(): Promise<void> {
    await (await this.#anyEngine()).complete();
  }

  /** Something with the run between two slices of training, which waits meanwhile. */
  #aside<Value>(work: (run: LastingRun) => Promise<Value>): Promise<Value> {
    return this.#wait(() => work(this.#current()));
  }

  #wait<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = Promise.all([this.#between, this.#slice]).then(work);
    this.#between = done.catch(() => undefined);
    return done;
  }

  /** Slices of work until the run has done `untilStep` steps and nothing is due there, or the token says stop. */
  async #advance(token: Token, untilStep: number): Promise<TrainOutcome> {
    const run = this.#current();
    while (run.activity !== 'done' && !(run.step >= untilStep && run.activity === 'training')) {
      await this.#between;
      await this.#advanceOnce(run, untilStep);
      if (run.step > 0) this.#fetchRest();
      await this.#options.yieldToEvents();
      if (token.cancelled) throw new Cancelled();
      if (token.paused) break;
    }
    await this.#rest(run);
    return {
      batch: this.#reporter.lastBatch,
      reason: run.activity === 'done' ? 'finished' : 'paused',
      result: this.#result,
    };
  }

  async #advanceOnce(run: LastingRun, untilStep: number): Promise<void> {
    const { activity } = run;
    const start = this.#options.now();
    // The reader has pressed a key and waits for the first step.
    const isFirst = run.step === 0 && untilStep > 0 && run.config.workers === 1;
    const events = await this.#hold(
      this.#endurance.during(this.#bound(run, isFirst), () =>
        isFirst ? run.takeFirstStep() : run.advanceAsync(SLICE_MS, Math.max(1, untilStep - run.step)),
      ),
    );
    const elapsedMs = this.#options.now() - start;
    this.#pieces.note(activity, elapsedMs);
    for (const event of events) if (event.type === 'done') this.#result = event.result;
    this.#reporter.note(events, elapsedMs, run.activity);
  }

  /** Where training stops it is kept, so that nothing is to be done anew if the worker dies now. */
  async #rest(run: LastingRun): Promise<void> {
    await this.#between;
    await this.#hold(run.keep());
    this.#reporter.note([], 0, run.activity);
  }

  /** How long the next slice may take at the worst. */
  #bound({ config, info, activity }: LastingRun, isFirst: boolean): number {
    const flops = (kind: RunActivity): number => pieceFlops(config, info.parameterCount, kind);
    if (isFirst) return msForFlops(flops('sampling') + flops('training'));
    return this.#pieces.bound(activity, flops(activity));
  }

  /** What the run does now; who wants to do something else with it waits. */
  #hold<Value>(work: Promise<Value>): Promise<Value> {
    this.#slice = work.catch(() => undefined);
    return work;
  }

  /**
   * Once there is time for it. Nobody waits; requests that need the rest of the engine ask for it themselves, so that a
   * file that cannot be had fails the request and not a call inside the engine, which would be the end of it.
   */
  #fetchRest(): void {
    if (this.#isCompleting) return;
    this.#isCompleting = true;
    this.#complete().catch(() => undefined);
  }

  #begin(id: number, run: LastingRun): void {
    const { batch, seq } = run.config;
    if (this.#run !== run) this.#run?.delete();
    this.#run = run;
    this.#result = null;
    this.#pieces = new PieceTimes();
    this.#isCompleting = false;
    this.#reporter.begin(id, batch * seq, run.step);
  }

  #current(): LastingRun {
    if (this.#run === null) throw new Error('Session: there is no run yet');
    return this.#run;
  }

  /** What the network writes now, by the rules of the run. */
  #sample(run: Run): Promise<Sample> {
    const ms = msForFlops(pieceFlops(run.config, run.info.parameterCount, 'sampling'));
    return this.#endurance.during(ms, () => ({ step: run.step, text: run.sample() }));
  }
}

function beginningOf(text: PreparedText): string {
  // Cut between characters: a character is at most four bytes long.
  const enough = new TextDecoder().decode(text.bytes.subarray(0, 4 * EXCERPT_CHARS));
  return [...enough].slice(0, EXCERPT_CHARS).join('');
}
