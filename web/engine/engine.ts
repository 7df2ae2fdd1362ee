import type { ModelConfig, RnnConfig, TrainerConfig } from './config.js';
import { rawConfig } from './config.js';
import { UnrollError } from './errors.js';
import { LanguageModel } from './language-model.js';
import { canonicalName, describeModel, readDescription } from './model-file.js';
import type { ModelFileInfo } from './model-file.js';
import { unwrap } from './raw.js';
import type { RawModule, RawTensor } from './raw.js';
import { Rnn } from './rnn.js';
import { fromStateDict } from './tensor.js';
import type { StateDict, Tensor } from './tensor.js';
import { prepareText } from './text.js';
import { Trainer } from './trainer.js';
import type { LanguageModelHandle, TrainerHandle } from './wasm/unroll.js';

/** What a model will cost, known before anything is built. */
export interface ModelPlan {
  readonly parameterCount: number;
  /** Floating-point operations of a training step for each character, forward and backward. */
  readonly flopsPerChar: number;
  /** Weights, gradients, moments and activations. */
  readonly memoryBytes: number;
}

export interface BuildInfo {
  /** Raised whenever the same configuration would give other bits. */
  readonly generation: number;
  /** `strict`: the same bits everywhere. `fast`: fused multiply-add. `scalar`: without SIMD. */
  readonly build: 'strict' | 'fast' | 'scalar';
}

/** A file in the safetensors format. */
export interface TensorFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly FileTensor[];
}

export interface FileTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'F64' | 'I64' | 'I32' | 'U8';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
}

export interface LoadOptions {
  /** The characters of a model that was not saved by Unroll, in the order of its tokens. */
  readonly vocabulary?: string;
  /** Its configuration. */
  readonly config?: ModelConfig;
}

/** The engine in one wasm instance. Everything it makes lives in that instance's memory. */
export class Engine {
  readonly #module: RawModule;

  /** @internal */
  constructor(module: RawModule) {
    this.#module = module;
  }

  buildInfo(): BuildInfo {
    return this.#module.buildInfo() as BuildInfo;
  }

  /** A recurrent network on plain arrays. */
  createRnn(config: RnnConfig): Rnn {
    return new Rnn(this.#module, config);
  }

  /** An untrained language model for the characters of `vocabulary`, in the order of their tokens. */
  createLanguageModel(config: ModelConfig & { readonly vocabulary: string | readonly string[] }): LanguageModel {
    const points = Uint32Array.from([...config.vocabulary], (character) => character.codePointAt(0)!);
    const raw = this.#module.createLanguageModel({ ...rawConfig(config), vocabulary: points });
    return new LanguageModel(unwrap<LanguageModelHandle>(raw));
  }

  /** A language model for the characters of `text`, and what trains it on that text. */
  createTrainer(config: TrainerConfig, text: string): Trainer {
    return new Trainer(unwrap<TrainerHandle>(this.#module.createTrainer(rawConfig(config), prepareText(text))));
  }

  /** Costs of a model without building it. Throws like the call that would. */
  plan(config: TrainerConfig & { readonly vocabSize: number }): ModelPlan {
    return unwrap<ModelPlan>(this.#module.planModel(rawConfig(config)));
  }

  /** The bytes of a model's file: safetensors with PyTorch's names, and all that is needed to load it again. */
  saveModel(model: LanguageModel, info: ModelFileInfo = {}): Uint8Array<ArrayBuffer> {
    const metadata = describeModel(model.config, model.vocabulary, {
      generation: this.buildInfo().generation,
      ...info,
    });
    return this.writeSafetensors(metadata, model.stateDict());
  }

  /**
   * The model of a file that `saveModel()` wrote, or of a PyTorch state_dict when its configuration and vocabulary are
   * given. Throws `FILE_INVALID`, `MISSING_TENSOR`, `SHAPE_MISMATCH` or `NOT_FINITE` and builds nothing.
   */
  loadModel(bytes: Uint8Array, options: LoadOptions = {}): LanguageModel {
    const { metadata, tensors } = this.readSafetensors(bytes);
    const { config, vocabulary } =
      options.vocabulary === undefined
        ? readDescription(metadata)
        : { config: options.config ?? {}, vocabulary: [...options.vocabulary] };
    const parameters: StateDict = new Map();
    for (const { name, shape, data } of tensors) {
      if (!(data instanceof Float32Array)) {
        throw new UnrollError('FILE_INVALID', `model file: tensor "${name}" is not of dtype F32`);
      }
      parameters.set(canonicalName(name), { shape, data });
    }
    const model = this.createLanguageModel({ ...config, vocabulary });
    try {
      model.loadStateDict(parameters);
    } catch (error) {
      model.delete();
      throw error;
    }
    return model;
  }

  /** Reads any safetensors file of F32, F64, I64, I32 and U8 tensors. Throws `FILE_INVALID` for what is not one. */
  readSafetensors(bytes: Uint8Array): TensorFile {
    const { metadata, tensors } = unwrap<{ metadata: [string, string][]; tensors: FileTensor[] }>(
      this.#module.readSafetensors(bytes),
    );
    return { metadata: new Map(metadata), tensors };
  }

  writeSafetensors(
    metadata: Iterable<readonly [string, string]>,
    tensors: StateDict | Readonly<Record<string, Tensor>>,
  ): Uint8Array<ArrayBuffer> {
    const raw: RawTensor[] = fromStateDict(tensors);
    return unwrap<Uint8Array<ArrayBuffer>>(this.#module.writeSafetensors([...metadata], raw));
  }

  /** The engine's error codes, for the test that this package knows them all. */
  errorCodes(): readonly string[] {
    return this.#module.errorCodes() as string[];
  }

  /**
   * Yardsticks for benchmarks: works `repetitions` times and returns the floating-point operations done. `chain` is
   * nothing but arithmetic in registers, `kernel` the matrix product's inner loop on data in the nearest cache.
   */
  runYardstick(kind: 'chain' | 'kernel', repetitions: number): number {
    const module = this.#module;
    return kind === 'chain' ? module.runMultiplyAddChain(repetitions) : module.runProductKernel(repetitions);
  }

  /** Objects that were created and not yet deleted. */
  liveObjects(): number {
    return this.#module.liveObjects();
  }

  /** Bytes of this instance's memory, which grows and never shrinks. */
  heapBytes(): number {
    return this.#module.heapBytes();
  }

  /** Bytes of it that are in use. */
  usedBytes(): number {
    return this.#module.usedBytes();
  }
}
