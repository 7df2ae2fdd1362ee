import { aNumber, dataToMessage, metadataPairs, readClipping } from '../engine/internal.js';
import { DivergedError, UnrollError } from '../engine/index.js';
import type {
  ClippingConfig,
  ErrorCode,
  LanguageModelTrainer,
  Metadata,
  TrainedSlice,
  Trainer,
} from '../engine/index.js';
import { files as ownFiles } from './arguments.js';
import { fingerprintOf } from './follower.js';
import type { RequestKind, Requests } from './protocol.js';
import type { OwnOptions, ReplicasOptions } from './replicas-options.js';
import { aThread, readOptions } from './replicas-options.js';
import { Asker } from './rpc.js';
import type { Answer } from './rpc.js';
import { ShardExchange } from './shard-exchange.js';
import { Silence } from './silence.js';
import { stepTogether } from './step-together.js';
import type { ReplicaThread } from './thread.js';

/**
 * Data-parallel training: N replicas of one model, each in its own thread with its own engine, split the streams of the
 * batch among them. In each step every replica sends the gradients of its streams to every other one, as transferred
 * buffers, and adds all up in the same order, so that all take the same step. No memory is shared.
 *
 * What is trained depends on N, because sums are rounded in another order and each replica draws its own dropout masks;
 * for a given N it is the same to the bit, whatever the slices.
 *
 * Replica 0 lives in the calling thread: evaluate, sample, probe and save with `trainer`, but do not train it alone.
 * Once a thread has died, fallen silent or failed, every call rejects with `ENGINE_STOPPED` or the failure; `delete()`
 * cleans up, and new replicas go on from a saved state.
 */
export class Replicas<Kind extends Trainer = LanguageModelTrainer> implements Disposable {
  readonly trainer: Kind;
  readonly #count: number;
  readonly #ports: readonly (MessagePort | null)[][];
  readonly #exchange: ShardExchange;
  readonly #others: Other[] = [];
  readonly #silence = new Silence((seconds) => this.#fail(this.#silent(seconds)));
  #failure: Error | null = null;
  #busy = false;

  /**
   * Starts the threads and waits until all are ready.
   *
   * @throws UnrollError as `Engine.createTrainer()` and `createEngine()`, and `INVALID_CONFIG` for a plateau schedule
   */
  static async start<Kind extends Trainer = LanguageModelTrainer>(options: ReplicasOptions): Promise<Replicas<Kind>> {
    const own = readOptions('Replicas.start', options);
    const replicas = new Replicas<Kind>(own);
    try {
      replicas.#spawn(own);
      const here = own.engine.buildInfo();
      for (const there of await replicas.#askAll('hello', null)) {
        if (there.build === here.build && there.generation === here.generation) continue;
        throw new UnrollError(
          'INVALID_ARGUMENT',
          `Replicas: a thread has the ${there.build} build, generation ${there.generation}, and this one the ${here.build} ` +
            `build, generation ${here.generation}; give engineOptions that make the same engine everywhere`,
        );
      }
      replicas.#silence.expect(0);
      return replicas;
    } catch (error) {
      replicas.delete();
      throw error;
    }
  }

  private constructor({ engine, config, data, count }: OwnOptions) {
    // First of all, because this refuses whatever is wrong with the configuration.
    this.trainer = engine.createTrainer({ ...config, shard: { index: 0, count } }, data) as Trainer as Kind;
    this.#count = count;
    this.#ports = connectAll(count);
    this.#exchange = new ShardExchange(this.#ports[0]!);
  }

  #spawn({ engine, engineOptions, config: { model, ...own }, data, count, spawn }: OwnOptions): void {
    const shared = {
      model: model === undefined ? null : engine.saveModel(model),
      data: dataToMessage(data),
      engineOptions,
    };
    this.#ports.slice(1).forEach((peers, i) => {
      const { port1, port2 } = new MessageChannel();
      const other = new Other(aThread(spawn()), port1, (why) => this.#fail(this.#died(i + 1, why)));
      this.#others.push(other);
      const transfer = [port2, ...peers.filter((port) => port !== null)];
      other.thread.start(
        { ...shared, config: { ...own, shard: { index: i + 1, count } }, control: port2, peers },
        transfer,
      );
    });
  }

  /** How many replicas there are, with that of this thread. */
  get count(): number {
    return this.#count;
  }

  /**
   * At least one step, then more until there are `maxSteps` or `maxMs` milliseconds have passed, as `Trainer.trainSlice()`.
   *
   * @throws DivergedError `NOT_FINITE`; all replicas have gone back to the same state
   */
  async trainSlice(maxSteps: number, maxMs: number): Promise<TrainedSlice> {
    aNumber('Replicas.trainSlice: maxSteps', maxSteps);
    aNumber('Replicas.trainSlice: maxMs', maxMs);
    if (!(maxSteps >= 1 && maxMs >= 0) || (maxSteps === Infinity && maxMs === Infinity)) {
      const got = `got maxSteps ${maxSteps} and maxMs ${maxMs}`;
      throw new UnrollError('INVALID_ARGUMENT', `Replicas.trainSlice: ${got}, expected at least 1 and 0, and an end`);
    }
    const others = this.#askAll('train', null);
    const own = this.#steps(maxSteps, performance.now() + maxMs);
    // Whichever fails ends the exchange, or the rest would wait for it for ever.
    others.catch((error: Error) => this.#fail(error));
    own.catch((error: Error) => {
      if (!(error instanceof DivergedError)) this.#fail(error);
    });
    const [slice] = await Promise.allSettled([own, others]);
    if (this.#failure !== null) throw this.#failure;
    if (slice.status === 'rejected') throw slice.reason;
    return slice.value;
  }

  /** Back to the same initial weights and step 0, in all replicas. */
  async rewind(): Promise<void> {
    const others = this.#askAll('rewind', null);
    this.trainer.rewind();
    await others;
  }

  /** From the next step on, in all replicas. Throws as `Trainer.setLearningRate()`, which changes nothing. */
  async setLearningRate(learningRate: number): Promise<void> {
    this.#expectIdle();
    this.trainer.setLearningRate(learningRate);
    await this.#askAll('setLearningRate', learningRate);
  }

  /** From the next step on, in all replicas. Throws as `Trainer.setClipping()`, which changes nothing. */
  async setClipping(clipping: ClippingConfig): Promise<void> {
    const own = readClipping('Replicas.setClipping', clipping);
    this.#expectIdle();
    this.trainer.setClipping(own);
    await this.#askAll('setClipping', own);
  }

  /** Of each replica's weights; all are equal, or something is broken. */
  async fingerprints(): Promise<readonly string[]> {
    const others = this.#askAll('fingerprint', null);
    return [fingerprintOf(this.trainer), ...(await others)];
  }

  /** A file for each replica, in their order: all that the next steps depend on, as `Trainer.saveState()`. */
  async saveState(notes: Metadata = []): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const own = metadataPairs(notes, 'Replicas.saveState: notes');
    const others = this.#askAll('saveState', null);
    return [this.trainer.saveState(own), ...(await others)];
  }

  /**
   * Goes on from where states were saved, to the same bits.
   *
   * @returns the notes
   * @throws UnrollError as `Trainer.restoreState()`. When the file of replica 0 is refused, nothing has changed; after any
   *   other refusal the replicas would differ, so they cannot be used any more
   */
  async restoreState(files: readonly Uint8Array[]): Promise<ReadonlyMap<string, string>> {
    const own = ownFiles('Replicas.restoreState: files', files);
    if (own.length !== this.count) {
      const what = `got ${own.length} files, expected ${this.count}, one of each replica`;
      throw new UnrollError('INVALID_ARGUMENT', `Replicas.restoreState: ${what}`);
    }
    this.#expectIdle();
    const notes = this.trainer.restoreState(own[0]!);
    const answers = this.#others.map((other, i) => other.ask('restoreState', own[i + 1]!));
    await this.#together(Promise.all(answers)).catch((error: Error) => {
      this.#fail(error);
      throw error;
    });
    return notes;
  }

  /** Ends the threads and frees the memory. A slice that is under way rejects with `DELETED`. */
  delete(): void {
    this.#fail(new UnrollError('DELETED', 'Replicas: they were deleted and cannot be used any more'));
    for (const other of this.#others) other.thread.terminate();
    this.trainer.delete();
  }

  [Symbol.dispose](): void {
    this.delete();
  }

  async #steps(maxSteps: number, end: number): Promise<TrainedSlice> {
    const losses: number[] = [];
    const gradNorms: number[] = [];
    const recentLosses: number[] = [];
    for (;;) {
      const wanted = losses.length + 2 <= maxSteps && performance.now() < end;
      const start = performance.now();
      const taking = stepTogether(this.trainer, this.#exchange, wanted);
      // Its own share is done, and the others' are waited for.
      this.#silence.expect(performance.now() - start);
      const { taken, more } = await taking;
      this.#silence.heard();
      losses.push(taken.loss);
      gradNorms.push(taken.gradNorm);
      recentLosses.push(taken.recentLoss);
      if (more) continue;
      const { step, epoch } = taken;
      return {
        step,
        epoch,
        losses: Float64Array.from(losses),
        gradNorms: Float64Array.from(gradNorms),
        recentLosses: Float64Array.from(recentLosses),
      };
    }
  }

  #askAll<Kind extends RequestKind>(
    kind: Kind,
    args: Requests[Kind]['args'],
  ): Promise<readonly Requests[Kind]['value'][]> {
    this.#expectIdle();
    const answers = this.#together(Promise.all(this.#others.map((other) => other.ask(kind, args))));
    // When replica 0 fails meanwhile, nobody comes to wait for them.
    answers.catch(() => undefined);
    return answers;
  }

  /** One request at a time: a replica that trains cannot do anything else. */
  #expectIdle(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#busy) throw new UnrollError('WRONG_STATE', 'Replicas: wait until the call before has ended');
  }

  async #together<Value>(answers: Promise<Value>): Promise<Value> {
    this.#busy = true;
    this.#silence.begin();
    try {
      return await answers;
    } finally {
      this.#silence.end();
      this.#busy = false;
    }
  }

  #died(index: number, why: string): UnrollError {
    const what = `the thread of replica ${index} of 0 to ${this.count - 1} has ended (${why})`;
    return new UnrollError('ENGINE_STOPPED', `Replicas: ${what}; start the training anew, or from a saved state`);
  }

  #silent(seconds: number): UnrollError {
    const what = `a replica has been silent for ${seconds} seconds`;
    return new UnrollError('ENGINE_STOPPED', `Replicas: ${what}; start the training anew, or from a saved state`);
  }

  /** Everybody who waits gets this error, and everybody who comes later. */
  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#silence.end();
    this.#exchange.fail(error);
    for (const other of this.#others) other.fail(error);
  }
}

/** Replica 0's view of another one. */
class Other {
  readonly #asker = new Asker<Requests>((code, message) => new UnrollError(code as ErrorCode, message));

  constructor(
    readonly thread: ReplicaThread,
    private readonly control: MessagePort,
    onDeath: (why: string) => void,
  ) {
    thread.onDeath(onDeath);
    control.onmessage = ({ data }: MessageEvent<Answer>) => this.#asker.receive(data);
  }

  ask<Kind extends RequestKind>(kind: Kind, args: Requests[Kind]['args']): Promise<Requests[Kind]['value']> {
    return this.#asker.send(kind, args, (request) => this.control.postMessage(request)).answer;
  }

  fail(error: Error): void {
    this.#asker.fail(error);
    this.control.close();
  }
}

/** A port from each replica to each other one: [i][j] talks to [j][i]; null where i = j. */
function connectAll(count: number): (MessagePort | null)[][] {
  const ports = Array.from({ length: count }, () => new Array<MessagePort | null>(count).fill(null));
  for (let i = 0; i < count; ++i) {
    for (let j = i + 1; j < count; ++j) {
      const { port1, port2 } = new MessageChannel();
      ports[i]![j] = port1;
      ports[j]![i] = port2;
    }
  }
  return ports;
}
