import type { Engine, LanguageModel, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { distinctCharacters } from '../run/distinct-characters.js';
import { trainerConfig } from '../run/engine-config.js';
import { Run } from '../run/run.js';
import type { RunEvent, RunResult } from '../run/run-events.js';
import { runMemory } from '../run/run-memory.js';
import { saveRun } from '../run/save-run.js';
import type { Engines } from './engines.js';
import type { Token } from './activity.js';
import { Cancelled, Turnstile } from './activity.js';
import { describeModel } from './model-summary.js';
import { measureSpeed } from './speed.js';
import type {
  Baselines,
  GenerateArgs,
  Generated,
  Prepared,
  Progress,
  Requests,
  Sample,
  TrainOutcome,
} from './protocol.js';
import { Reporter } from './reporter.js';
import type { SeveralWorkers } from './several-workers.js';
import type { TextShelf } from './text-shelf.js';
import { writeText } from './write-text.js';

/** How long a slice of work may take: short enough that Pause feels immediate, long enough that yielding costs nothing. */
const SLICE_MS = 40;

/** Characters of the text that the page gets to show. */
const EXCERPT_CHARS = 1500;

export interface SessionOptions {
  readonly engines: Engines;
  readonly texts: TextShelf;
  /** Loads what runs with several workers need. */
  readonly severalWorkers: () => Promise<SeveralWorkers>;
  readonly send: (progress: Progress, transfer: Transferable[]) => void;
  /** Lets waiting messages in. */
  readonly breathe: () => Promise<void>;
  readonly now: () => number;
}

/** What the worker does with requests: it owns the engine's objects, and everything here is measured in slices. */
export class Session {
  readonly #options: SessionOptions;
  readonly #turnstile = new Turnstile();
  readonly #reporter: Reporter;
  #run: Run | null = null;
  /** The run's. */
  #engine: Engine | null = null;
  #result: RunResult | null = null;
  #opened: LanguageModel | null = null;
  /** What the run does just now; with several workers, messages come in between. */
  #slice: Promise<unknown> = Promise.resolve();
  #writing: Token | null = null;
  #written: Promise<unknown> = Promise.resolve();
  /** The engine whose deferred part was asked for. */
  #completing: Engine | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#reporter = new Reporter(options.send);
  }

  /** The page has drawn the last batch of progress. */
  drawn(): void {
    this.#reporter.drawn();
  }

  /** Strictly: a file in another encoding is refused instead of being read as gibberish. */
  async readText(bytes: Uint8Array): Promise<{ text: string }> {
    const { decodeUtf8 } = await import('../engine/decode-utf8.js');
    return { text: decodeUtf8(bytes) };
  }

  /** Whether the engine takes this configuration and text. */
  async check(config: RunConfig): Promise<null> {
    const [engine, text] = await this.#load(config);
    (await this.#make(engine, config, text)).delete();
    return null;
  }

  /** A new run in place of the one before, which stays untouched when the new one is refused. */
  prepare(id: number, config: RunConfig): Promise<Prepared> {
    return this.#turnstile.enter(async (token) => {
      const [engine, text] = await this.#load(config);
      if (token.cancelled) throw new Cancelled();
      const run = await this.#make(engine, config, text);
      try {
        const prepared = {
          ...engine.buildInfo(),
          fallback: engine.fallback?.code ?? null,
          info: { ...run.info },
          excerpt: beginningOf(text),
          textChars: run.info.trainChars + run.info.validationChars + run.info.testChars,
          sample: takeSample(run),
        };
        this.#run?.delete();
        this.#run = run;
        this.#engine = engine;
        this.#begin(id);
        return prepared;
      } catch (error) {
        run.delete();
        throw error;
      }
    });
  }

  /** What counting alone achieves on the run's text. */
  async baselines(): Promise<Baselines> {
    this.#current();
    await this.#engine!.complete();
    return { ...this.#current().baselines() };
  }

  /** Back to the same initial weights. */
  rewind(id: number): Promise<{ sample: Sample }> {
    return this.#turnstile.enter(async () => {
      const run = this.#current();
      await this.#written;
      await run.rewindAsync();
      this.#begin(id);
      return { sample: takeSample(run) };
    });
  }

  /** What is due before the next step; training that begins meanwhile goes on with it where it is. */
  lookFirst(): Promise<TrainOutcome> {
    return this.#turnstile.enter((token) => this.#advance(token, this.#current().step));
  }

  /** Trains to the end, or until it is paused. */
  train(): Promise<TrainOutcome> {
    return this.#turnstile.enter((token) => this.#advance(token, Infinity));
  }

  /** One optimizer update, with the evaluations and samples that are due before and after it. */
  step(): Promise<TrainOutcome> {
    return this.#turnstile.enter((token) => this.#advance(token, this.#current().step + 1));
  }

  async pause(): Promise<null> {
    await this.#turnstile.pause();
    return null;
  }

  async plan(config: RunConfig): Promise<Requests['plan']['value']> {
    const [engine, text] = await this.#load(config);
    const vocabSize = distinctCharacters(text);
    const { parameterCount } = engine.plan({ ...trainerConfig(config), vocabSize });
    return { parameterCount, memoryBytes: runMemory(engine, config, vocabSize), vocabSize };
  }

  async measure(config: RunConfig): Promise<Requests['measure']['value']> {
    const [engine, text] = await this.#load(config);
    const speed = measureSpeed(engine, config, text, this.#options.now);
    this.#fetchRest(engine);
    return speed;
  }

  /** How many workers pay for this run here. Whoever presses Train meanwhile waits for the measurement. */
  chooseWorkers(config: RunConfig): Promise<Requests['chooseWorkers']['value']> {
    return this.#turnstile.enter(async () => {
      const [engine, text] = await this.#load(config);
      const { workers, why } = await (await this.#options.severalWorkers()).choose(engine, config, text);
      return { workers, why };
    });
  }

  /** Continues a prompt twice, by certainty and by dice. Training waits, so that both are by the same weights. */
  generate(args: GenerateArgs): Promise<Generated> {
    if (this.#writing !== null) this.#writing.cancelled = true;
    const token: Token = { paused: false, cancelled: false };
    this.#writing = token;
    const written = Promise.all([this.#written, this.#slice]).then(() => this.#generate(args, token));
    this.#written = written.catch(() => undefined);
    return written;
  }

  async saveModel(): Promise<Requests['saveModel']['value']> {
    await this.#engine?.complete();
    await this.#slice;
    const run = this.#current();
    return { bytes: saveRun(run) };
  }

  /** A model from a file, beside the one in training. A file that is refused leaves the one opened before. */
  async openModel(bytes: Uint8Array): Promise<Requests['openModel']['value']> {
    const engine = this.#engine ?? (await this.#options.engines.get('strict'));
    await engine.complete();
    const model = engine.loadModel(bytes);
    this.#opened?.delete();
    this.#opened = model;
    return describeModel(model);
  }

  /** What a run is made of; engine and text are fetched side by side. */
  #load({ text, fast }: RunConfig): Promise<[Engine, PreparedText]> {
    const { engines, texts } = this.#options;
    return Promise.all([engines.get(fast ? 'fast' : 'strict'), texts.load(text)]);
  }

  async #make(engine: Engine, config: RunConfig, text: PreparedText): Promise<Run> {
    if (config.workers === 1) return new Run(engine, config, text);
    return (await this.#options.severalWorkers()).start(engine, config, text);
  }

  async #generate(args: GenerateArgs, token: Token): Promise<Generated> {
    const model = args.source === 'run' ? this.#current().model() : this.#opened;
    if (model === null) throw new Error('generate: no model file is open');
    try {
      const { breathe, now } = this.#options;
      const clock = { breathe, now, sliceMs: SLICE_MS, token };
      const likeliest = await writeText(model, { ...args, greedy: true }, clock);
      const sampled = await writeText(model, { ...args, greedy: false }, clock);
      return { likeliest, sampled };
    } finally {
      if (args.source === 'run') model.delete();
    }
  }

  /** Slices of work until the run has done `untilStep` steps and nothing is due there, or the token says stop. */
  async #advance(token: Token, untilStep: number): Promise<TrainOutcome> {
    const run = this.#current();
    while (run.activity !== 'done' && !(run.step >= untilStep && run.activity === 'training')) {
      await this.#written;
      const start = this.#options.now();
      // The reader has pressed a key and waits for the first step.
      const isFirst = run.step === 0 && untilStep > 0 && run.config.workers === 1;
      const slice = isFirst
        ? Promise.resolve(run.takeFirstStep())
        : run.advanceAsync(SLICE_MS, Math.max(1, untilStep - run.step));
      this.#slice = slice.catch(() => undefined);
      const events = await slice;
      this.#note(events, this.#options.now() - start, run);
      if (run.step > 0) this.#fetchRest(this.#engine!);
      await this.#options.breathe();
      if (token.cancelled) throw new Cancelled();
      if (token.paused) break;
    }
    return {
      batch: this.#reporter.lastBatch,
      reason: run.activity === 'done' ? 'finished' : 'paused',
      result: this.#result,
    };
  }

  /**
   * Once there is time for it. Nobody waits; requests that need the rest of the engine ask for it themselves, so that a
   * file that cannot be had fails the request and not a call inside the engine, which would be the end of the run.
   */
  #fetchRest(engine: Engine): void {
    if (this.#completing === engine) return;
    this.#completing = engine;
    engine.complete().catch(() => undefined);
  }

  #note(events: readonly RunEvent[], elapsedMs: number, run: Run): void {
    for (const event of events) if (event.type === 'done') this.#result = event.result;
    this.#reporter.note(events, elapsedMs, run.activity);
  }

  #begin(id: number): void {
    const { batch, seq } = this.#current().config;
    this.#result = null;
    this.#reporter.begin(id, batch * seq);
  }

  #current(): Run {
    if (this.#run === null) throw new Error('Session: there is no run yet');
    return this.#run;
  }
}

function beginningOf(text: PreparedText): string {
  // Cut between characters: a character is at most four bytes long.
  const enough = new TextDecoder().decode(text.bytes.subarray(0, 4 * EXCERPT_CHARS));
  return [...enough].slice(0, EXCERPT_CHARS).join('');
}

/** What the network writes now, by the rules of the run. */
function takeSample(run: Run): Sample {
  return { step: run.step, text: run.sample() };
}
