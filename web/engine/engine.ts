import { Boundary } from './module/boundary.js';
import type { BucketedEpoch, BucketOptions } from './training/buckets.js';
import { bucketByLength } from './training/buckets.js';
import { Classifier } from './networks/classifier.js';
import { aFunction, bytes as aUint8Array, readFields, refuse } from './arguments/fields.js';
import type { Metadata, TensorFile } from './files/file-tensor.js';
import { metadataPairs } from './files/file-tensor.js';
import type { BuildFallback } from './module/fast-build.js';
import { LanguageModel } from './networks/language-model.js';
import type { CrossEntropyOptions, LossOptions } from './networks/loss-options.js';
import type { ModelConfig, PlanConfig, TrainerConfig } from './networks/model-config.js';
import { LANGUAGE_MODEL_FIELDS, PLAN_FIELDS } from './networks/model-config.js';
import type { LoadOptions, ModelFile } from './files/model-file.js';
import { understandModelFile } from './files/model-file.js';
import type { ModelNotes } from './files/model-metadata.js';
import { writeMetadata } from './files/model-metadata.js';
import { Owner } from './module/owner.js';
import type { RawModule } from './module/raw-module.js';
import type { Scope } from './module/scope.js';
import { inScope } from './module/scope.js';
import { Regressor } from './networks/regressor.js';
import { Rnn } from './networks/rnn.js';
import type { RnnConfig } from './networks/rnn-config.js';
import type { RowsLoss } from './networks/rows.js';
import { argmax, crossEntropy, meanSquaredError, samplingDistribution } from './networks/rows.js';
import type { SamplingOptions } from './networks/sampling-options.js';
import { Schedule } from './training/schedule.js';
import type { ScheduleConfig } from './training/schedule-config.js';
import type { ClassifierConfig, ClassifierTrainerConfig, RegressorConfig } from './networks/sequence-config.js';
import type { StateDictLike } from './networks/state-dict.js';
import { rawTensors } from './networks/state-dict.js';
import type { Tensor } from './networks/tensor.js';
import type { PreparedText } from './text/text.js';
import type { ClassifierTrainer } from './training/classifier-trainer.js';
import type { LabelledTexts } from './training/labelled-texts.js';
import { TaskData } from './training/task-data.js';
import type { AnyTrainerConfig, TrainingData } from './training/training-data.js';
import type { Model, Trainer } from './training/trainer.js';
import { LanguageModelTrainer } from './training/language-model-trainer.js';

/** Which engine this is. */
export interface BuildInfo {
  /** Raised whenever the bits of a training run change; fingerprints are comparable within one generation only. */
  readonly generation: number;
  /** `strict`: the same bits everywhere. `fast`: fused multiply-add. `scalar`: strict without SIMD, for tests. */
  readonly build: 'strict' | 'fast' | 'scalar';
}

/** What a model costs. */
export interface ModelPlan {
  /** Numbers in all parameters together. */
  readonly parameterCount: number;
  /** Floating-point operations per character of a training step, forward and backward. */
  readonly flopsPerChar: number;
  /** Weights, gradients, two moments and the activations of one window; of one replica, with the gradients of all. */
  readonly memoryBytes: number;
}

/**
 * A loaded engine: one WebAssembly module with its own memory. Made by `createEngine()`. Calls are synchronous and use one
 * thread; for several at once make an engine in each worker.
 *
 * All numbers are computed inside, in a fixed order, from seeded generators: the same calls give the same bits in every
 * browser and in Node, unless the build is `fast`.
 */
export class Engine {
  readonly #boundary: Boundary;
  readonly #complete: () => Promise<void>;

  #fallback: BuildFallback | null = null;

  /** @internal */
  constructor(module: RawModule, complete: () => Promise<void>) {
    this.#boundary = new Boundary(module);
    this.#complete = complete;
  }

  /**
   * Loads the deferred part of the module, if `createEngine()` was told to leave it for later; otherwise there is nothing
   * to do. No call has to wait for the file afterwards.
   *
   * @throws UnrollError `NO_WASM` when the file cannot be had; the engine works on, and it can be tried again
   */
  complete(): Promise<void> {
    return this.#complete();
  }

  /**
   * Whether it broke down in a call: it trapped, its memory can no longer be trusted, and every call throws
   * `ENGINE_STOPPED`. Whoever has kept a state goes on with a new engine from there.
   */
  get stopped(): boolean {
    return this.#boundary.stopped;
  }

  buildInfo(): BuildInfo {
    return this.#boundary.ask(() => this.#module.buildInfo());
  }

  /** Why this engine is strict although a fast one was asked for; null when it is what was asked for. */
  get fallback(): BuildFallback | null {
    return this.#fallback;
  }

  /** Has the reason to tell from now on. @internal */
  insteadOfFast(reason: BuildFallback): this {
    this.#fallback = reason;
    return this;
  }

  /**
   * Does something, and frees at its end what the scope was told to `use`, also when it fails:
   *
   *   const text = engine.scope((scope) => {
   *     const model = scope.use(engine.loadModel(bytes));
   *     return model.generate({ prompt: 'The ', length: 80 });
   *   });
   *
   * Where the action returns a promise, its end is when that has settled. Where the language has `using`, it does the same
   * for single things.
   */
  scope<Value>(action: (scope: Scope) => Value): Value {
    aFunction('Engine.scope: the action', action);
    return inScope(action);
  }

  /**
   * A recurrent network over real-valued sequences, with weights drawn from its seed.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  createRnn(config: RnnConfig): Rnn {
    return new Rnn(this.#boundary, config);
  }

  /**
   * A language model that knows the characters of `vocabulary`, with tokens in this order and weights drawn from its seed.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  createLanguageModel(config: ModelConfig & { readonly vocabulary: string | readonly string[] }): LanguageModel {
    const own = readFields('ModelConfig', config, LANGUAGE_MODEL_FIELDS);
    return new LanguageModel(
      this.#boundary,
      this.#boundary.call(() => this.#module.createLanguageModel(own)),
    );
  }

  /**
   * A classifier of sequences of tokens, with weights drawn from its seed.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  createClassifier(config: ClassifierConfig): Classifier {
    return new Classifier(this.#boundary, config);
  }

  /**
   * A network that predicts numbers from sequences of vectors, with weights drawn from its seed.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  createRegressor(config: RegressorConfig): Regressor {
    return new Regressor(this.#boundary, config);
  }

  /**
   * A learning rate that changes from step to step, from `learningRate` on.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`
   */
  createSchedule(config: ScheduleConfig & { readonly learningRate: number }): Schedule {
    return new Schedule(this.#boundary, config);
  }

  /**
   * Cross-entropy as `torch.nn.functional.cross_entropy`, in nats, averaged over the rows that count:
   *
   *   loss[r] = (1 - s) * -ln p[y] + s * mean over j of -ln p[j]        p = softmax(logits[r]), y = targets[r]
   *   loss    = sum of w[r] * loss[r] / sum of w[r]                     over rows whose target is not ignored
   *
   * @param logits (N, C); any shape whose last axis is the classes, and the axes before it count rows
   * @param targets N classes, 0 to C - 1, or `ignoreIndex`
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, also when no row counts
   */
  crossEntropy(logits: Tensor, targets: readonly number[] | Int32Array, options: CrossEntropyOptions = {}): RowsLoss {
    return crossEntropy(this.#boundary, logits, targets, options);
  }

  /**
   * Mean squared error as `torch.nn.functional.mse_loss`, averaged over the numbers of a row and the rows that count.
   *
   * @param outputs (N, F); any shape whose last axis is the numbers of a row
   * @param targets the same shape
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, also when no row counts
   */
  meanSquaredError(outputs: Tensor, targets: Tensor, options: LossOptions = {}): RowsLoss {
    return meanSquaredError(this.#boundary, outputs, targets, options);
  }

  /**
   * What `generate()` would draw the next token from:
   *
   *   p = softmax((logits - max) / temperature), cut to the top k, then to the top p, and scaled to a sum of 1
   *
   * @param logits (N, V), or any shape whose last axis is the tokens
   * @returns the same shape; exactly 0 where a token was cut
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
   */
  samplingDistribution(logits: Tensor, options: SamplingOptions = {}): Tensor {
    return samplingDistribution(this.#boundary, logits, options);
  }

  /** The place of the largest number in each row, the first of equals. Throws as `samplingDistribution()`. */
  argmax(logits: Tensor): Int32Array {
    return argmax(this.#boundary, logits);
  }

  /**
   * An epoch of batches for sequences of these lengths, in which those of about the same length meet, so that little is
   * padded: shuffles all, sorts each pool of `poolBatches` * B of them, cuts it into batches and shuffles the batches.
   *
   * @param lengths at most 2^20; more can be drawn in several calls, as they are sorted within their pools only
   * @throws UnrollError `INVALID_ARGUMENT`
   */
  bucketByLength(lengths: readonly number[] | Int32Array, options: BucketOptions): BucketedEpoch {
    return bucketByLength(this.#boundary, lengths, options);
  }

  /**
   * A network and what to train it on: a language model on a text, or another one on data of its task, as a classifier on
   * `LabelledTexts` of `unroll/sequences`. The vocabulary is their characters in rising order, unless there is a `model` to
   * start from.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`, `TEXT_TOO_SHORT`; with a model also
   *   `NOT_IN_VOCABULARY` and `NOT_FINITE`
   */
  createTrainer(config: TrainerConfig, text: string | PreparedText): LanguageModelTrainer;
  createTrainer(config: ClassifierTrainerConfig, texts: LabelledTexts): ClassifierTrainer;
  createTrainer(config: AnyTrainerConfig, data: TrainingData): Trainer;
  createTrainer(config: AnyTrainerConfig, data: TrainingData): Trainer {
    if (TaskData.is(data)) return data.trainer(this.#boundary, config);
    return new LanguageModelTrainer(this.#boundary, config as TrainerConfig, data);
  }

  /**
   * What a model will cost, without building it.
   *
   * @throws UnrollError `INVALID_CONFIG`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  plan(config: PlanConfig): ModelPlan {
    const own = readFields('PlanConfig', config, PLAN_FIELDS);
    return this.#boundary.call(() => this.#module.planModel(own));
  }

  /**
   * The parts of a safetensors file, with tensors of types F32, F64, I64, I32 and U8.
   *
   * Source: https://huggingface.co/docs/safetensors
   *
   * @throws UnrollError `FILE_INVALID`, naming the tensor where there is one
   */
  readSafetensors(bytes: Uint8Array): TensorFile {
    const file = aUint8Array('readSafetensors: the file', bytes);
    const { metadata, tensors } = this.#boundary.call(() => this.#module.readSafetensors(file));
    return { metadata: new Map(metadata), tensors };
  }

  /**
   * A safetensors file of float32 tensors, in the order given.
   *
   * @throws UnrollError `INVALID_ARGUMENT`, `FILE_INVALID`
   */
  writeSafetensors(metadata: Metadata, tensors: StateDictLike): Uint8Array<ArrayBuffer> {
    const raw = rawTensors('writeSafetensors', tensors);
    const pairs = metadataPairs(metadata);
    return this.#boundary.call(() => this.#module.writeSafetensors(pairs, raw));
  }

  /**
   * The language model in a file of `saveModel()`, or in a safetensors file with the `state_dict` of a PyTorch model that
   * is made as `LanguageModel` says; `fc`, `linear`, `decoder` or `out` for `head`, `emb`, `embed` or `encoder` for
   * `embedding`, and `lstm` or `gru` for `rnn` are understood. The latter does not know its vocabulary: give it.
   *
   * @throws UnrollError `FILE_INVALID`, `FILE_NEWER`, `MISSING_TENSOR`, `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_CONFIG`
   */
  loadModel(bytes: Uint8Array, options: LoadOptions = {}): LanguageModel {
    const { config, vocabulary, tensors } = this.describeModel(bytes, options);
    const model = this.createLanguageModel({ ...config, vocabulary });
    try {
      model.loadStateDict(tensors);
      return model;
    } catch (error) {
      model.delete();
      throw error;
    }
  }

  /** What `loadModel()` would load, and the notes that were saved with it. Throws as it, except for `NOT_FINITE`. */
  describeModel(bytes: Uint8Array, options: LoadOptions = {}): ModelFile {
    return understandModelFile(this.readSafetensors(bytes), options);
  }

  /**
   * A model as a safetensors file: its weights with the names of a PyTorch `state_dict`, and in the metadata its
   * configuration, vocabulary and `notes`.
   *
   * @param notes facts to keep, such as `{ step: 3000 }`
   * @throws UnrollError `INVALID_ARGUMENT`
   */
  saveModel(model: Model, notes: ModelNotes = {}): Uint8Array<ArrayBuffer> {
    if (!Owner.is(model) || !('fileEntries' in model)) refuse('saveModel: the model', model, 'a model');
    const { generation } = this.buildInfo();
    return this.writeSafetensors(
      writeMetadata(model.config, model.fileEntries(), generation, notes),
      model.stateDict(),
    );
  }

  /** Objects of this engine that were made and not deleted. */
  liveObjects(): number {
    return this.#boundary.ask(() => this.#module.liveObjects());
  }

  /** Bytes of memory that the module has taken from the system; it never gives any back. */
  heapBytes(): number {
    return this.#boundary.ask(() => this.#module.heapBytes());
  }

  /** Bytes of it that are in use. */
  usedBytes(): number {
    return this.#boundary.ask(() => this.#module.usedBytes());
  }

  /** @internal */
  get boundary(): Boundary {
    return this.#boundary;
  }

  get #module(): RawModule {
    return this.#boundary.module;
  }
}
