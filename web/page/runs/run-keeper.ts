import { batch } from '@preact/signals';
import { dataFieldOf } from '../../links/run-config.js';
import type { ConfigKey, LanguageConfig, RunConfig } from '../../links/run-config.js';
import { RequestError } from '../../worker/client.js';
import type { TrainingClient } from '../../worker/client.js';
import type { OwnTexts } from '../../worker/own-texts.js';
import type { Prepared, TrainOutcome } from '../../worker/protocol.js';
import { messages } from '../messages.js';
import { formatCount, formatLoss, formatPlain } from '../state/format.js';
import { freshRun } from '../state/progress.js';
import { samplingDiffers, trainingDifferences } from '../state/settings.js';
import type { Slot } from './slot.js';
import { atRest, isRunning } from './state.js';
import type { RunState } from './state.js';
import type { ProgressClock } from './progress-clock.js';
import type { Recovery } from './recovery.js';
import { refusalOf } from '../app/refusals.js';

/** How long the controls rest before a new network is made of them, so that typing a number makes one and not three. */
const PREPARE_AFTER_MS = 200;

/** Seeds that "New seed" draws from: short enough to be read out to somebody. */
const SEEDS = 1_000_000;

/** Keeps the run in the worker in step with what the reader wants: prepares, trains, pauses, rewinds. */
export class RunKeeper<Config extends RunConfig = LanguageConfig> {
  readonly #slot: Slot<Config>;
  readonly #client: TrainingClient;
  readonly #clock: ProgressClock<Config>;
  readonly #recovery: Recovery<Config>;
  readonly #texts: OwnTexts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settling: Promise<void> | null = null;
  #changed = new Set<ConfigKey>();

  constructor(
    slot: Slot<Config>,
    client: TrainingClient,
    clock: ProgressClock<Config>,
    recovery: Recovery<Config>,
    texts: OwnTexts,
  ) {
    this.#slot = slot;
    this.#client = client;
    this.#clock = clock;
    this.#recovery = recovery;
    this.#texts = texts;
  }

  /** The controls say something new. Before the first step it is done at once; afterwards the reader decides. */
  configChanged(keys: readonly ConfigKey[]): void {
    for (const key of keys) this.#changed.add(key);
    this.#slot.whyNot.value = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#follow(), PREPARE_AFTER_MS);
  }

  async #follow(): Promise<void> {
    this.#timer = undefined;
    const { config, run, plan } = this.#slot;
    if (this.#mayReplace() && this.#outOfStep()) await this.prepare();
    // What is known need not be asked for.
    else if (run.value !== null && trainingDifferences(config.value, run.value.config).length === 0) {
      plan.value = run.value.info;
    } else await this.#planAlone(config.value);
  }

  #mayReplace(): boolean {
    const { state, step } = this.#slot;
    return step.value === 0 && state.value.is !== 'training' && state.value.is !== 'pausing';
  }

  #outOfStep(): boolean {
    const { config, run, state } = this.#slot;
    if (run.value === null || isRefused(state.value) || this.#settling !== null) return true;
    return (
      trainingDifferences(config.value, run.value.config).length > 0 || samplingDiffers(config.value, run.value.config)
    );
  }

  /** Makes a run of what the controls say. When it is refused, the one before stays. */
  prepare(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#settle(this.#prepare(this.#slot.config.value));
  }

  /** Remembers what has to be over before there is training again. */
  #settle(work: Promise<void>): Promise<void> {
    const settling = work.finally(() => {
      if (this.#settling === settling) this.#settling = null;
    });
    this.#settling = settling;
    return settling;
  }

  async #prepare(config: Config): Promise<void> {
    const slot = this.#slot;
    const changed = [...this.#changed];
    const before = atRest(slot.state.value);
    slot.become({ is: 'preparing' });
    const { id, answer } = this.#client.send('prepare', { config: this.#texts.send(config) });
    try {
      const prepared = await answer;
      this.#changed.clear();
      this.#take(id, config, prepared);
    } catch (error) {
      const refusal = refusalOf(error, 'training', { config, changed });
      // Overtaken by a later preparation, which will say how it went.
      if (refusal === null) return;
      batch(() => {
        slot.errors.value = { [refusal.place]: refusal.sentence };
        // What has been trained goes on; without a step there is nothing to go on with.
        slot.become(slot.step.value > 0 ? before : { is: 'failed', why: 'refused' });
      });
      // Its sizes are shown all the same, if it has any.
      await this.#plan(config).catch(() => undefined);
      return;
    }
    // Not at once: a reader who has already pressed Train need not wait for this.
    setTimeout(() => void this.#lookAround(config));
  }

  #take(id: number, config: Config, prepared: Prepared): void {
    const slot = this.#slot;
    batch(() => {
      this.#keepEarlier(config);
      this.#recovery.begun();
      slot.run.value = { ...prepared, id, config, baselines: null };
      if (slot.config.value === config) slot.plan.value = prepared.info;
      slot.view.value = freshRun(prepared.sample);
      slot.errors.value = {};
      slot.whyNot.value = null;
      slot.become({ is: 'idle' });
      slot.announcement.value = messages.status.ready(formatCount(prepared.info.parameterCount));
    });
  }

  /** The validation losses of the run that ends now stay in the chart, when they can be compared with the next. */
  #keepEarlier(next: Config): void {
    const { run, view, earlier } = this.#slot;
    if (run.value === null || view.value === null) return;
    const data: readonly ConfigKey[] = [dataFieldOf(next.task).property, 'split', 'task'];
    const sameData = trainingDifferences(run.value.config, next).every((key) => !data.includes(key));
    const { evaluations } = view.value;
    if (!sameData) earlier.value = null;
    else if (evaluations.length > 1) {
      const { cell, hiddenSize: hidden } = run.value.config;
      earlier.value = {
        name: messages.chart.runName(messages.network.cells[cell], formatPlain(hidden)),
        steps: evaluations.map(({ step }) => step),
        losses: evaluations.map(({ lossNats }) => lossNats),
      };
    }
  }

  async #plan(config: Config): Promise<void> {
    const plan = await this.#client.request('plan', { config: this.#texts.send(config) });
    if (this.#slot.config.value === config) this.#slot.plan.value = plan;
  }

  async #planAlone(config: Config): Promise<void> {
    try {
      await this.#plan(config);
    } catch (error) {
      const refusal = refusalOf(error, 'network', { config, changed: [...this.#changed] });
      if (refusal !== null) this.#slot.errors.value = { [refusal.place]: refusal.sentence };
    }
  }

  /**
   * While the reader is still looking: counts what the baselines are, measures how fast this machine is, and reads the
   * validation text with the untrained network, so that training begins with its first step when Train is pressed. How
   * fast several workers are is not measured: they would have to be started for it.
   */
  async #lookAround(config: Config): Promise<void> {
    this.#slot.speed.value = null;
    try {
      const baselines = await this.#client.request('baselines', {});
      const run = this.#slot.run.value;
      if (run?.config === config) this.#slot.run.value = { ...run, baselines };
      if (this.#untouched(config) && config.workers === 1)
        this.#slot.speed.value = await this.#client.request('measure', { config: this.#texts.send(config) });
      if (this.#untouched(config)) await this.#client.request('lookFirst', {});
    } catch {
      // Overtaken by what the reader wants. Or there is no estimate: the run itself is not touched.
    }
  }

  #untouched(config: Config): boolean {
    const { state, run, step } = this.#slot;
    return state.value.is === 'idle' && run.value?.config === config && step.value === 0;
  }

  /** Waits until the controls have been followed. */
  async settled(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      await this.#follow();
    }
    await this.#settling;
  }

  async train(): Promise<void> {
    await this.settled();
    const slot = this.#slot;
    if (slot.run.value === null || isRefused(slot.state.value)) return;
    slot.announcement.value = messages.status.started;
    await this.#work(Infinity, () => this.#client.request('train', {}));
    if (slot.state.value.is === 'idle') {
      slot.announcement.value = messages.status.paused(formatCount(slot.step.value));
    }
  }

  async stepOnce(): Promise<void> {
    await this.settled();
    const slot = this.#slot;
    if (slot.run.value === null) return;
    // Pressed twice, it is two steps, also when the first is not on the screen yet.
    const { value: state } = slot.state;
    const until = (state.is === 'training' && state.until < Infinity ? state.until : slot.step.value) + 1;
    await this.#work(until, () => this.#client.request('trainStep', { until }));
    const loss = slot.view.value?.curve.lastLoss ?? null;
    if (loss === null) return;
    slot.announcement.value = messages.status.stepped(formatCount(slot.step.value), formatLoss(loss));
  }

  async pause(): Promise<void> {
    const { state, become, errors } = this.#slot;
    become({ is: 'pausing' });
    try {
      await this.#client.request('pause', {});
    } catch (error) {
      // Training has not heard of it. When the worker is gone, its death has said what comes next.
      if (state.value.is === 'pausing') become({ is: 'training', until: Infinity });
      const refusal = refusalOf(error, 'training');
      if (refusal !== null) errors.value = { [refusal.place]: refusal.sentence };
    }
  }

  async #work(until: number, ask: () => Promise<TrainOutcome>): Promise<void> {
    const slot = this.#slot;
    batch(() => {
      slot.whyNot.value = slot.mended.value = null;
      slot.errors.value = {};
      slot.become({ is: 'training', until });
    });
    const run = slot.run.value?.id;
    try {
      await this.#recovery.ready();
      const { result, batch: last } = await ask();
      // The dials stand at where it stopped before the keys say that it has stopped.
      await this.#clock.drawn(last);
      if (slot.run.value?.id !== run) return;
      batch(() => {
        slot.become({ is: result === null ? 'idle' : 'done' });
        if (result !== null && slot.view.value !== null) {
          slot.view.value = { ...slot.view.value, result };
          if (result.testLoss !== null) slot.announcement.value = messages.status.finished(formatLoss(result.testLoss));
        }
      });
    } catch (error) {
      const refusal = refusalOf(error, 'training');
      if (refusal === null) return;
      batch(() => {
        const overflowed = error instanceof RequestError && error.code === 'NOT_FINITE';
        slot.become(overflowed ? { is: 'failed', why: 'overflowed' } : { is: 'idle' });
        slot.errors.value = { [refusal.place]: refusal.sentence };
      });
    }
  }

  /** Back to the same untrained weights. */
  rewind(): Promise<void> {
    return this.#settle(this.#rewind());
  }

  async #rewind(): Promise<void> {
    const slot = this.#slot;
    const { id, answer } = this.#client.send('rewind', {});
    try {
      const { sample } = await answer;
      const run = slot.run.value;
      if (run === null) return;
      batch(() => {
        this.#recovery.begun();
        slot.run.value = { ...run, id };
        slot.view.value = freshRun(sample);
        slot.become({ is: 'idle' });
        slot.whyNot.value = null;
        slot.errors.value = {};
        slot.announcement.value = messages.status.rewound;
      });
    } catch (error) {
      const refusal = refusalOf(error, 'training');
      if (refusal !== null) slot.errors.value = { [refusal.place]: refusal.sentence };
      return;
    }
    // What was changed meanwhile, and waited for the reader to decide, can now be followed.
    this.configChanged([]);
  }

  /** Other random weights for the same network; the controls' seed changes with it. */
  newSeed(): number {
    const [random] = crypto.getRandomValues(new Uint32Array(1));
    return (random as number) % SEEDS;
  }

  /** A new run of what the controls say now. It trains on if the one before was training. */
  async startOver(): Promise<void> {
    const { state } = this.#slot;
    const wasTraining = isRunning(state.value) && state.value.is === 'training';
    await this.prepare();
    if (wasTraining) await this.train();
  }
}

const isRefused = (state: RunState): boolean => state.is === 'failed' && state.why === 'refused';
