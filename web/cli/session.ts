import { DivergedError } from '../engine/index.js';
import type { Engine, Trainer, TrainingData } from '../engine/index.js';
import type { ResultClaim, RunConfig } from '../links/index.js';
import type { LastingRun, RunCheckpoint, RunEvent, RunResult, Start } from '../run/index.js';
import { judgeClaim, repeatLink, tellVerdict } from './claim.js';
import { CliError, UsageError } from './cli-error.js';
import type { Source } from './data.js';
import { onDivergence, onEnough, whatIsKept } from './endings.js';
import { exitCodeOf, Interruptions } from './interruptions.js';
import { Keeper } from './keeping.js';
import type { KeepingOptions, Kept } from './keeping.js';
import { goOn, lastingRun, livingEngine } from './make-run.js';
import type { Making } from './make-run.js';
import { JsonReport, TableReport, tellBlowUp } from './report.js';
import type { Report } from './report.js';
import { reportOf } from '../tasks/reports.js';
import { loadTask } from '../tasks/tasks.js';
import type { Resumed } from './resume.js';
import { freshNote } from './session-note.js';
import { note } from './terminal.js';
import { Speeds, trainToEnd } from './training.js';
import type { TrainingEnd } from './training.js';

/** What `unroll train` and `unroll run` have in common. */
export interface Session {
  readonly config: RunConfig;
  readonly source: Source;
  readonly data: TrainingData;
  readonly json: boolean;
  readonly keeping: KeepingOptions;
  /** What the run is expected to arrive at, or null. */
  readonly claim: ResultClaim | null;
  /** Makes the model that it starts from, or null. */
  readonly start: ((engine: Engine) => Required<Start>) | null;
  /** The training that goes on, or null. */
  readonly resumed: Resumed | null;
}

/** Trains, tells, saves, and compares with the claim. Resolves to the exit code. */
export async function trainSession(session: Session): Promise<number> {
  const { config, source, data, json, claim, start, resumed } = session;
  const engine = livingEngine(config.fast);
  const fresh: Making = { engine, config, data, samples: !json, marks: claim ? [claim.step] : [], start };
  const { making, checkpoint, isAdjusted } = resumed
    ? await goOn(fresh, resumed)
    : { making: fresh, checkpoint: null, isAdjusted: false };
  const before = resumed?.note ?? freshNote();
  const facts = { ...before, steps: config.steps, isAdjusted: before.isAdjusted || isAdjusted };
  const keeper = await Keeper.open(session.keeping, source.folder, facts);
  const interruptions = new Interruptions();
  try {
    const speeds = new Speeds(await loadTask(config.task), config);
    return await new Training(session, making, keeper, interruptions, facts.isAdjusted, speeds).perform(checkpoint);
  } finally {
    interruptions.stop();
    await keeper.close();
  }
}

class Training {
  private readonly report: Report;
  private kept: Kept | null = null;
  /** Why the model could not be saved before its result. */
  private loss: CliError | null = null;

  constructor(
    private readonly session: Session,
    private readonly making: Making,
    private readonly keeper: Keeper,
    private readonly interruptions: Interruptions,
    private readonly isAdjusted: boolean,
    private readonly speeds: Speeds,
  ) {
    const words = reportOf(session.config.task);
    this.report = session.json ? new JsonReport(words) : new TableReport(words);
  }

  async perform(from: RunCheckpoint | null): Promise<number> {
    let run = await lastingRun(this.making, from);
    try {
      this.expectValidation(run);
      this.report.begin(run, this.session.source.name);
      let end = await this.train(run);
      if (end === 'enough') {
        const checkpoint = await this.tellEnough(run);
        run.delete();
        run = await lastingRun({ ...this.making, config: { ...this.making.config, steps: run.step } }, checkpoint);
        end = await this.train(run);
      }
      return typeof end === 'string' ? await this.tellInterrupted(run) : await this.tellResult(run.config, end);
    } finally {
      this.report.pause();
      run.delete();
    }
  }

  private expectValidation({ parts }: LastingRun<Trainer>): void {
    const { best, patience } = this.session.keeping;
    if (parts.validation || (best === null && patience === 0)) return;
    throw new UsageError(
      `${best === null ? '--patience' : '--best'} needs a validation part, and --split leaves none of these data`,
    );
  }

  /** Whatever goes wrong, what there is of the model is saved before the error goes on. */
  private async train(run: LastingRun<Trainer>): Promise<TrainingEnd> {
    const { report, keeper } = this;
    const listener = {
      onEvent(event: RunEvent, speed: number | null) {
        keeper.see(event);
        report.onEvent(event, speed);
        if (event.type === 'blow-up') {
          report.pause();
          tellBlowUp(event);
        }
      },
      onProgress: report.onProgress.bind(report),
    };
    const care = {
      afterSlice: keeper.afterSlice.bind(keeper),
      beforeResult: () => this.saveBeforeResult(run),
      isEnough: () => keeper.watch.exhausted,
    };
    try {
      return await trainToEnd(run, this.speeds, listener, care, this.interruptions);
    } catch (error) {
      report.pause();
      if (error instanceof DivergedError) {
        throw new CliError(onDivergence(error, run.config, await keeper.saveLast(run)));
      }
      note(`unroll: ${whatIsKept(await keeper.saveLast(run).catch(() => null))}`);
      throw error;
    }
  }

  /** A result is told also when its model cannot be saved anywhere. */
  private async saveBeforeResult(run: LastingRun<Trainer>): Promise<void> {
    this.report.pause();
    try {
      this.kept = await this.keeper.saveLast(run);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.loss = error;
    }
  }

  private async tellEnough(run: LastingRun<Trainer>): Promise<RunCheckpoint | null> {
    this.report.pause();
    note(`unroll: ${onEnough(run, this.session.keeping, this.keeper.watch.facts().best)}`);
    return run.checkpoint();
  }

  private async tellInterrupted(run: LastingRun<Trainer>): Promise<number> {
    const { signal, failure } = this.interruptions;
    this.report.pause();
    const kept = await this.keeper.saveLast(run);
    note(`unroll: stopped at step ${run.step} of ${run.config.steps}; ${whatIsKept(kept)}`);
    if (failure) throw failure.error;
    return exitCodeOf(signal!);
  }

  private async tellResult(config: RunConfig, result: RunResult): Promise<number> {
    const { claim, start } = this.session;
    const { reached } = this.keeper;
    const verdict = claim && judgeClaim(claim, result, reached);
    // No link says what was changed on the way, or that there was a model before.
    const link = this.isAdjusted || start ? null : await repeatLink(config, result);
    this.report.end({ result, speed: this.speeds.overall.perSecond(), link, verdict });
    if (this.loss) throw this.loss;
    if (claim && verdict) tellVerdict(verdict, claim, result, reached);
    // Whoever reads the exit code expects the model where --out says.
    return this.kept === null || this.kept.inPlace ? 0 : 1;
  }
}
