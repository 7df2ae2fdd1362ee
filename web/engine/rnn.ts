import type { RnnConfig } from './config.js';
import { rawConfig } from './config.js';
import { UnrollError } from './errors.js';
import { Owner } from './owner.js';
import { unwrap } from './raw.js';
import type { RawModule, RawResult, RawTensor } from './raw.js';
import { checkShape, fromStateDict, toStateDict } from './tensor.js';
import type { StateDict, Tensor } from './tensor.js';
import type { RnnHandle } from './wasm/unroll.js';

/** h (and c, for an LSTM), each (L·D, B, H); without the B axis for unbatched input. */
export interface RnnState {
  readonly h: Tensor;
  readonly c?: Tensor | null;
}

export interface ForwardOptions {
  /** The initial state; zeros when left out. */
  readonly state?: RnnState;
  /** The true length of each sequence, in any order; padding beyond it is not read, and its output is zero. */
  readonly lengths?: ArrayLike<number>;
  /** Draws dropout masks. Default false: nothing is dropped. */
  readonly training?: boolean;
}

export interface ForwardResult {
  /** (T, B, D·H), or (B, T, D·H) with batchFirst, or (T, D·H) for unbatched input. */
  readonly output: Tensor;
  /** The state of each sequence after its own last step. */
  readonly hN: Tensor;
  /** null for cells without a cell state. */
  readonly cN: Tensor | null;
}

export interface BackwardResult {
  /** The gradient by the input, in its shape. */
  readonly x: Tensor;
  readonly h0: Tensor;
  readonly c0: Tensor | null;
  /** The gradients by the parameters. */
  readonly parameters: StateDict;
}

/** How a call's arrays look: T, B, and whether the caller left the batch axis out. */
interface Frame {
  readonly seqLen: number;
  readonly batchSize: number;
  readonly batched: boolean;
}

/**
 * torch.nn.RNN, GRU or LSTM on plain arrays, with PyTorch's shapes, names and results.
 *
 *     const rnn = engine.createRnn({ cell: 'lstm', inputSize: 10, hiddenSize: 5, numLayers: 2 });
 *     const { output, hN, cN } = rnn.forward(x);                // x (3, 4, 10) -> output (3, 4, 5)
 *     const { x: dX, parameters } = rnn.backward({ output: dOutput });
 *     rnn.delete();
 *
 * Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */
export class Rnn extends Owner<RnnHandle> {
  readonly config: Required<RnnConfig>;
  #frame: Frame | null = null;

  /** @internal */
  constructor(module: RawModule, config: RnnConfig) {
    super(unwrap<RnnHandle>(module.createRnn(rawConfig(config))));
    this.config = {
      numLayers: 1,
      bidirectional: false,
      bias: true,
      batchFirst: false,
      dropout: 0,
      seed: 1,
      ...config,
    };
  }

  /** The parameters as in PyTorch's `state_dict()`: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, … */
  stateDict(): StateDict {
    return toStateDict(unwrap<RawTensor[]>(this.handle.exportTensors()));
  }

  /** Replaces all parameters. Names and shapes must match one to one; otherwise nothing is changed. */
  loadStateDict(parameters: StateDict | Readonly<Record<string, Tensor>>): void {
    unwrap(this.handle.importTensors(fromStateDict(parameters)));
  }

  /** @param x (T, B, inputSize), (B, T, inputSize) with batchFirst, or (T, inputSize) for a single sequence */
  forward(x: Tensor, options: ForwardOptions = {}): ForwardResult {
    const frame = this.#frameOf(x);
    const { seqLen, batchSize } = frame;
    const state = options.state;
    const raw: RawResult<{ output: Float32Array; hN: Float32Array; cN: Float32Array | null }> = this.handle.forward(
      this.#toTimeMajor(x.data, frame, this.config.inputSize),
      seqLen,
      batchSize,
      state ? this.#stateData('h', state.h, frame) : null,
      state?.c ? this.#stateData('c', state.c, frame) : null,
      options.lengths ? Int32Array.from(options.lengths) : null,
      options.training ?? false,
    );
    const { output, hN, cN } = unwrap(raw);
    this.#frame = frame;
    return {
      output: this.#sequence(output, frame, this.#outputSize),
      hN: this.#stateTensor(hN, frame),
      cN: cN && this.#stateTensor(cN, frame),
    };
  }

  /** One time step: `x` (B, inputSize), or (inputSize) for a single sequence, from `state` to the next. */
  step(x: Tensor, state?: RnnState): { output: Tensor; state: RnnState } {
    const batched = x.shape.length === 2;
    const time = this.config.batchFirst && batched ? 1 : 0;
    const withTime = [...x.shape];
    withTime.splice(time, 0, 1);
    const { output, hN, cN } = this.forward({ shape: withTime, data: x.data }, state ? { state } : {});
    return {
      output: { shape: output.shape.filter((_, axis) => axis !== time), data: output.data },
      state: { h: hN, c: cN },
    };
  }

  /**
   * Gradients of Σ output·gOutput + Σ hN·gHN + Σ cN·gCN of the last `forward()`, once for each. Any may be left out.
   */
  backward(gradients: { readonly output?: Tensor; readonly hN?: Tensor; readonly cN?: Tensor }): BackwardResult {
    const frame = this.#frame;
    if (frame === null) throw new UnrollError('WRONG_STATE', 'Rnn.backward: call forward() before each backward()');
    this.#frame = null;
    const { output, hN, cN } = gradients;
    if (output) checkShape('Rnn.backward', 'output', output, this.#sequenceShape(frame, this.#outputSize));
    const raw: RawResult<{ x: Float32Array; h0: Float32Array; c0: Float32Array | null; gradients: RawTensor[] }> =
      this.handle.backward(
        output ? this.#toTimeMajor(output.data, frame, this.#outputSize) : null,
        hN ? this.#stateData('hN', hN, frame) : null,
        cN ? this.#stateData('cN', cN, frame) : null,
      );
    const result = unwrap(raw);
    return {
      x: this.#sequence(result.x, frame, this.config.inputSize),
      h0: this.#stateTensor(result.h0, frame),
      c0: result.c0 && this.#stateTensor(result.c0, frame),
      parameters: toStateDict(result.gradients),
    };
  }

  /**
   * Gives the masks that the next `forward()` with `training: true` uses: for each layer but the last, zeros and ones in
   * the shape of the output. Kept values are scaled by 1 / (1 - dropout).
   */
  setDropoutMasks(masks: readonly Tensor[]): void {
    const [first] = masks;
    if (first === undefined) throw new UnrollError('INVALID_ARGUMENT', 'Rnn.setDropoutMasks: there is no mask');
    const [a = 0, b = 0] = first.shape;
    const frame = { seqLen: this.config.batchFirst ? b : a, batchSize: this.config.batchFirst ? a : b, batched: true };
    const raw = masks.map((mask) => {
      checkShape('Rnn.setDropoutMasks', 'a mask', mask, this.#sequenceShape(frame, this.#outputSize));
      return this.#toTimeMajor(mask.data, frame, this.#outputSize);
    });
    unwrap(this.handle.setMasks(raw, frame.seqLen, frame.batchSize));
  }

  get #directions(): number {
    return this.config.bidirectional ? 2 : 1;
  }

  get #outputSize(): number {
    return this.#directions * this.config.hiddenSize;
  }

  #frameOf({ shape, data }: Tensor): Frame {
    const batched = shape.length === 3;
    const [first = 0, second = 0] = shape;
    const swapped = batched && this.config.batchFirst;
    const frame = { seqLen: swapped ? second : first, batchSize: batched ? (swapped ? first : second) : 1, batched };
    checkShape('Rnn.forward', 'x', { shape, data }, this.#sequenceShape(frame, this.config.inputSize));
    return frame;
  }

  #sequenceShape({ seqLen, batchSize, batched }: Frame, features: number): number[] {
    if (!batched) return [seqLen, features];
    return this.config.batchFirst ? [batchSize, seqLen, features] : [seqLen, batchSize, features];
  }

  #stateShape({ batchSize, batched }: Frame): number[] {
    const states = this.config.numLayers * this.#directions;
    return batched ? [states, batchSize, this.config.hiddenSize] : [states, this.config.hiddenSize];
  }

  #stateData(name: string, state: Tensor, frame: Frame): Float32Array {
    checkShape('Rnn', name, state, this.#stateShape(frame));
    return Float32Array.from(state.data);
  }

  #stateTensor(data: Float32Array, frame: Frame): Tensor {
    return { shape: this.#stateShape(frame), data };
  }

  #toTimeMajor(data: Float32Array, frame: Frame, features: number): Float32Array {
    if (!this.config.batchFirst || !frame.batched) return Float32Array.from(data);
    return swapAxes(data, frame.batchSize, frame.seqLen, features);
  }

  #sequence(data: Float32Array, frame: Frame, features: number): Tensor {
    const swapped = this.config.batchFirst && frame.batched;
    return {
      shape: this.#sequenceShape(frame, features),
      data: swapped ? swapAxes(data, frame.seqLen, frame.batchSize, features) : data,
    };
  }
}

/** (a, b, features) to (b, a, features). */
function swapAxes(data: Float32Array, a: number, b: number, features: number): Float32Array {
  const swapped = new Float32Array(data.length);
  for (let i = 0; i < a; ++i) {
    for (let j = 0; j < b; ++j) {
      const from = (i * b + j) * features;
      swapped.set(data.subarray(from, from + features), (j * a + i) * features);
    }
  }
  return swapped;
}
