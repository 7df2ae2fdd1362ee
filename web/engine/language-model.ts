import type { ModelConfig, OptimizerConfig } from './config.js';
import { TextGenerator } from './generator.js';
import type { GenerateOptions, GeneratorOptions } from './generator.js';
import { Owner } from './owner.js';
import { unwrap } from './raw.js';
import type { RawResult, RawTensor } from './raw.js';
import { checkShape, fromStateDict, toStateDict } from './tensor.js';
import type { StateDict, Tensor } from './tensor.js';
import { prepareText } from './text.js';
import type { RnnState } from './rnn.js';
import type { GeneratorHandle, LanguageModelHandle } from './wasm/unroll.js';

/** How well a model guesses a text. */
export interface TextEvaluation {
  /** Characters guessed: one fewer than the text has. */
  readonly positions: number;
  /** Mean of -ln p, in nats per character. */
  readonly lossNats: number;
  /** lossNats / ln 2 */
  readonly bitsPerChar: number;
  /** exp(lossNats) */
  readonly perplexity: number;
  /** ln p of each character from the second on. */
  readonly logProbs: Float32Array;
}

/** Tokens in rows of time steps: `ids[t * batchSize + b]`. */
export interface TokenBatch {
  readonly ids: ArrayLike<number>;
  /** The token after each of `ids`. */
  readonly targets: ArrayLike<number>;
  readonly seqLen: number;
  readonly batchSize: number;
  /** The initial state, each (L, B, H); zeros when left out. */
  readonly state?: RnnState;
}

export interface LossAndGradients {
  /** Mean cross-entropy over all positions, in nats. */
  readonly loss: number;
  /** (T, B, V) */
  readonly logits: Tensor;
  /** The state to start the next window from. */
  readonly state: RnnState;
  readonly gradients: StateDict;
}

/**
 * A character-level language model: character -> one-hot or embedding -> recurrent layers -> linear head -> softmax.
 *
 * Parameters, as in a PyTorch state_dict: `embedding.weight` (V, E) if there is one, `rnn.weight_ih_l0`, …,
 * `head.weight` (V, H), `head.bias` (V).
 */
export class LanguageModel extends Owner<LanguageModelHandle> {
  /** @internal */
  constructor(handle: LanguageModelHandle) {
    super(handle);
  }

  /** The configuration with nothing left out. */
  get config(): Required<ModelConfig> {
    return this.handle.config() as Required<ModelConfig>;
  }

  /** The characters that the model knows, in the order of their tokens. */
  get vocabulary(): string {
    const points = this.handle.vocabulary() as Uint32Array;
    return Array.from(points, (point) => String.fromCodePoint(point)).join('');
  }

  get parameterCount(): number {
    return this.handle.parameterCount();
  }

  /** 64-bit FNV-1a over the float32 bits of all parameters, 16 hexadecimal digits. Equal models have equal ones. */
  fingerprint(): string {
    return this.handle.fingerprint();
  }

  stateDict(): StateDict {
    return toStateDict(unwrap<RawTensor[]>(this.handle.exportTensors()));
  }

  /** Replaces all parameters. Names and shapes must match one to one; otherwise nothing is changed. */
  loadStateDict(parameters: StateDict | Readonly<Record<string, Tensor>>): void {
    unwrap(this.handle.importTensors(fromStateDict(parameters)));
  }

  /** The text that follows a prompt. The same options give the same text. */
  generate({ length, ...options }: GenerateOptions): string {
    const generator = this.createGenerator(options);
    try {
      return generator.next(length).text;
    } finally {
      generator.delete();
    }
  }

  /** For texts that are written in pieces. Throws `NOT_IN_VOCABULARY` naming the characters that the model lacks. */
  createGenerator(options: GeneratorOptions): TextGenerator {
    const request = { ...options, prompt: prepareText(options.prompt) };
    return new TextGenerator(unwrap<GeneratorHandle>(this.handle.createGenerator(request)));
  }

  /** Reads a text as one stream from a zero state. */
  evaluateText(text: string): TextEvaluation {
    return unwrap<TextEvaluation>(this.handle.evaluateText(prepareText(text)));
  }

  /** One window of back-propagation through time; keeps the gradients for `applyGradients()`. */
  lossAndGradients(batch: TokenBatch): LossAndGradients {
    const { seqLen, batchSize, state } = batch;
    const { hiddenSize, numLayers } = this.config;
    const stateShape = [numLayers, batchSize, hiddenSize];
    if (state) checkShape('LanguageModel.lossAndGradients', 'state.h', state.h, stateShape);
    if (state?.c) checkShape('LanguageModel.lossAndGradients', 'state.c', state.c, stateShape);
    const raw: RawResult<{
      loss: number;
      logits: Float32Array;
      hN: Float32Array;
      cN: Float32Array | null;
      gradients: RawTensor[];
    }> = this.handle.lossAndGradients(
      Int32Array.from(batch.ids),
      Int32Array.from(batch.targets),
      seqLen,
      batchSize,
      state ? Float32Array.from(state.h.data) : null,
      state?.c ? Float32Array.from(state.c.data) : null,
    );
    const { loss, logits, hN, cN, gradients } = unwrap(raw);
    return {
      loss,
      logits: { shape: [seqLen, batchSize, logits.length / (seqLen * batchSize)], data: logits },
      state: { h: { shape: stateShape, data: hN }, c: cN && { shape: stateShape, data: cN } },
      gradients: toStateDict(gradients),
    };
  }

  /** Chooses the optimizer of `applyGradients()`, or changes its arguments. Moments stay while the kind stays. */
  configureOptimizer(config: OptimizerConfig): void {
    unwrap(this.handle.configureOptimizer(config));
  }

  /** The optimizer's moments, as `exp_avg.rnn.weight_ih_l0`; none before its first update. */
  optimizerState(): StateDict {
    return toStateDict(unwrap<RawTensor[]>(this.handle.optimizerState()));
  }

  /**
   * One update from the gradients of the last `lossAndGradients()`, clipped by value or by norm when asked. Returns their
   * L2 norm before clipping.
   */
  applyGradients({ clipNorm = 0, clipValue = 0 } = {}): { gradNorm: number } {
    return unwrap<{ gradNorm: number }>(this.handle.applyGradients(clipNorm, clipValue));
  }
}
