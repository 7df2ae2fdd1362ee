import { tmpdir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type { Trainer } from '../engine/index.js';
import { saveRun, writeRunFile } from '../run/index.js';
import type { LastingRun, RunEvent } from '../run/index.js';
import { BestSoFar } from './best-so-far.js';
import { CliError, UsageError } from './cli-error.js';
import { Output, saveSomewhere } from './output.js';
import { goOnWithoutReaders } from './readers.js';
import type { SessionNote } from './session-note.js';
import { statePath } from './state-path.js';
import { note } from './terminal.js';

/** What is kept of a training, where and when. */
export interface KeepingOptions {
  /** The model, with its state beside it; null keeps nothing. */
  readonly out: string | null;
  /** The model with the lowest loss of the validation part, or null. */
  readonly best: string | null;
  /** Seconds of training between two saves; 0 saves only at the end. */
  readonly saveEvery: number;
  /** Evaluations without a lower loss after which the training ends; 0: it does not. */
  readonly patience: number;
}

/** Where the last state was saved. */
export interface Kept {
  readonly model: string;
  /** null when there can be none: a pipe takes no second file. */
  readonly state: string | null;
  /** Whether all is where it was wanted. */
  readonly inPlace: boolean;
}

/** Keeps a training: as it goes, the best of it, and its end. */
export class Keeper {
  readonly watch: BestSoFar;
  reached: string;
  private trainedMs = 0;
  private isBest = false;
  private failing = false;

  /** @throws CliError for a file that cannot be written, UsageError for two that are one. */
  static async open(options: KeepingOptions, folder: string, before: SessionNote): Promise<Keeper> {
    const { out, best } = options;
    if (out !== null && best !== null && [out, statePath(out)].map((path) => resolve(path)).includes(resolve(best))) {
      throw new UsageError(`--best ${best} is a file of --out; give it a name of its own`);
    }
    const model = out === null ? null : await Output.open('--out', out);
    const state = model?.replaces ? await Output.open('--out', statePath(model.path)) : null;
    const bestModel = best === null ? null : await Output.open('--best', best);
    if (bestModel && !bestModel.replaces) {
      throw new CliError(`--best ${best} is no regular file, and it is written more than once`);
    }
    if (model ?? bestModel) goOnWithoutReaders();
    return new Keeper(options, model, state, bestModel, folder, before);
  }

  private constructor(
    private readonly options: KeepingOptions,
    private readonly model: Output | null,
    private readonly state: Output | null,
    private readonly bestModel: Output | null,
    /** Of the data, where a model is put that cannot be put where it was wanted. */
    private readonly folder: string,
    private readonly before: SessionNote,
  ) {
    this.watch = new BestSoFar(options.patience, before.best, before.stale);
    this.reached = before.reached;
  }

  see(event: RunEvent): void {
    if (event.type === 'fingerprint') this.reached = event.fingerprint;
    if (event.type !== 'evaluation' || event.part !== 'validation') return;
    if (this.watch.see(event.step, event.lossNats)) this.isBest = true;
  }

  /** Between two slices, the last of which has trained so long. The weights are those that were evaluated last. */
  async afterSlice(run: LastingRun<Trainer>, trainedMs: number): Promise<void> {
    if (this.isBest && this.bestModel) await this.tryTo(run, [this.bestModel, modelOf]);
    this.isBest = false;
    this.trainedMs += trainedMs;
    const { saveEvery } = this.options;
    if (!this.state || !this.model || saveEvery === 0 || this.trainedMs < 1000 * saveEvery) return;
    this.trainedMs = 0;
    await this.tryTo(run, [this.state, this.stateOf], [this.model, modelOf]);
  }

  /** At the end, whatever it is. null without a place for it. */
  async saveLast(run: LastingRun<Trainer>): Promise<Kept | null> {
    if (!this.model) return null;
    const elsewhere = [this.folder, tmpdir()];
    const state = this.state && (await this.stateOf(run));
    const statePath = this.state && state && (await saveSomewhere(this.state, state, elsewhere));
    const model = await saveSomewhere(this.model, await modelOf(run), elsewhere);
    return { model, state: statePath, inPlace: model === this.model.path && statePath === (this.state?.path ?? null) };
  }

  async close(): Promise<void> {
    for (const output of [this.model, this.state, this.bestModel]) await output?.close();
  }

  /** A save that fails in the middle of a training is no reason to end it. It is said once, until one succeeds. */
  private async tryTo(
    run: LastingRun<Trainer>,
    ...saves: (readonly [Output, (run: LastingRun<Trainer>) => Promise<Uint8Array | null>])[]
  ): Promise<void> {
    try {
      for (const [output, bytesOf] of saves) {
        const bytes = await bytesOf(run);
        if (bytes) await output.write(bytes);
      }
      this.failing = false;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (!this.failing) note(`unroll: ${error.message}; the training goes on, and it is tried again`);
      this.failing = true;
    }
  }

  private readonly stateOf = (run: LastingRun<Trainer>): Promise<Uint8Array<ArrayBuffer> | null> =>
    run.ask(async (own) => {
      const checkpoint = await own.checkpoint();
      return checkpoint && writeRunFile(own, checkpoint, JSON.stringify(this.sessionNote()));
    });

  private sessionNote(): SessionNote {
    const { out, best, patience } = this.options;
    const isBeside = out !== null && best !== null && dirname(resolve(out)) === dirname(resolve(best));
    return {
      ...this.before,
      ...this.watch.facts(),
      patience,
      reached: this.reached,
      model: basename(out ?? ''),
      bestModel: isBeside ? basename(best) : null,
    };
  }
}

const modelOf = (run: LastingRun<Trainer>): Promise<Uint8Array<ArrayBuffer>> => run.ask((own) => saveRun(own));
