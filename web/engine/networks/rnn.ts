import type { Boundary } from '../module/boundary.js';
import { refuseCellState } from './cell.js';
import { UnrollError } from '../errors.js';
import { aFlag, anObject, asGiven, readFields, refuse } from '../arguments/fields.js';
import type { GradientFlow } from './gradient-flow.js';
import { flowOf } from './gradient-flow.js';
import type { Layout } from './layout.js';
import { layoutOf } from './layout.js';
import { readLengths } from '../arguments/lengths.js';
import { Network } from './network.js';
import { items, property } from '../arguments/own.js';
import type { RawRnn } from '../module/raw-module.js';
import type { FullRnnConfig, RnnConfig } from './rnn-config.js';
import { readRnnConfig } from './rnn-config.js';
import type { StateDict } from './state-dict.js';
import { stateDictOf } from './state-dict.js';
import type { Tensor } from './tensor.js';
import { checkTensor, expectShape, readTensor } from './tensor.js';

/** States of all layers and directions, entry k*D + d for layer k and direction d: (L*D, B, H), unbatched (L*D, H). */
export interface RnnState {
  readonly h: Tensor;
  /** The LSTM's cell state; the others have none. */
  readonly c?: Tensor | null | undefined;
}

export interface ForwardOptions {
  /** The state before the first step. Default zeros. */
  readonly state?: RnnState | undefined;
  /**
   * True lengths of the B sequences, 1 to T in any order. What is in x beyond them is not read, the output there is
   * zero, final states are those after each sequence's own last step, and the reverse direction starts there. As
   * `pack_padded_sequence(enforce_sorted=False)` and `pad_packed_sequence`. Default T everywhere.
   */
  readonly lengths?: readonly number[] | Int32Array | undefined;
  /** Whether dropout is on, with masks of its own or those of `setDropoutMasks()`. Default false. */
  readonly training?: boolean | undefined;
}

/** What a network makes of its input. */
export interface ForwardResult {
  /** The hidden states of the last layer, [forward, reverse] side by side: (T, B, D*H) in the layout of the input. */
  readonly output: Tensor;
  /** The hidden state after the last step, (L*D, B, H). */
  readonly hN: Tensor;
  /** The cell state after the last step, LSTM only. */
  readonly cN: Tensor | null;
}

/** Gradients of a loss by the results of `forward()`, each in the shape of that result; what is left out counts as zero. */
export interface OutputGradients {
  readonly output?: Tensor | undefined;
  readonly hN?: Tensor | undefined;
  readonly cN?: Tensor | undefined;
}

/** Gradients of the same loss by what went in. */
export interface BackwardResult {
  readonly x: Tensor;
  readonly h0: Tensor;
  readonly c0: Tensor | null;
  readonly parameters: StateDict;
}

/** What `gradientFlow()` found; gradients by states other than the initial ones are in the norms only. */
export interface RnnGradientFlow extends GradientFlow {
  /** sum(w .* h_T) */
  readonly loss: number;
  /** (H,), the last hidden state of the top layer. */
  readonly hT: Tensor;
  /** Gradients by the input and the initial states. */
  readonly x: Tensor;
  readonly h0: Tensor;
  readonly c0: Tensor | null;
}

/** A forward pass that a backward pass can follow. */
interface Pass {
  readonly layout: Layout;
  readonly seqLen: number;
  readonly batchSize: number;
}

/**
 * A recurrent network over real-valued sequences: `torch.nn.RNN`, `GRU` or `LSTM` with PyTorch's equations, parameter
 * names, shapes and results. Made by `Engine.createRnn()`.
 *
 *   T steps   B sequences   I inputSize   H hiddenSize   L numLayers   D 2 if bidirectional, else 1   G gates
 *
 *   weight_ih_l{k}[_reverse] (G*H, I for k = 0, else D*H)   weight_hh_l{k}[_reverse] (G*H, H)
 *   bias_ih_l{k}[_reverse], bias_hh_l{k}[_reverse] (G*H)
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html and its neighbours.
 */
export class Rnn extends Network<RawRnn> {
  readonly config: FullRnnConfig;
  #last: Pass | null = null;

  /** @internal */
  constructor(boundary: Boundary, config: RnnConfig) {
    const full = readRnnConfig(config);
    super(
      'Rnn',
      boundary,
      boundary.call(() => boundary.module.createRnn(full)),
    );
    this.config = full;
  }

  /**
   * Reads sequences.
   *
   * @param x (T, B, I); (B, T, I) with `batchFirst`; or (T, I) for a single sequence, and then no result has a batch axis
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  forward(x: Tensor, options: ForwardOptions = {}): ForwardResult {
    const who = 'Rnn.forward';
    const { state, lengths, training = false } = readFields(who, options, FORWARD_FIELDS);
    const { inputSize, batchFirst } = this.config;
    const own = readTensor(`${who}: x`, x);
    const layout = layoutOf(own.shape.length, batchFirst);
    expectShape(`${who}: x`, own, layout.sequence('T', 'B', inputSize));
    const input = layout.inward(own);
    const [seqLen, batchSize] = input.shape as [number, number];
    const pass: Pass = { layout, seqLen, batchSize };
    const rawH = state === undefined ? null : this.#stateInward(`${who}: state.h`, property(state, 'h'), pass);
    const rawC = this.#cellStateInward(`${who}: state.c`, property(state, 'c'), pass);
    const rawLengths = lengths === undefined ? null : readLengths(who, lengths, pass);

    this.#last = null;
    const { output, hN, cN } = this.call((rnn) =>
      rnn.forward(input.data, seqLen, batchSize, rawH, rawC, rawLengths, training),
    );
    this.#last = pass;
    return {
      output: layout.outward({ shape: [seqLen, batchSize, this.#outputSize], data: output }),
      hN: this.#stateOutward(hN, pass),
      cN: cN && this.#stateOutward(cN, pass),
    };
  }

  /**
   * Masks for the next `forward()` with `training`, in place of drawn ones: for each layer but the last zeros and ones in
   * the shape of its output, which that layer's output is multiplied with and scaled by 1 / (1 - dropout).
   *
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
   */
  setDropoutMasks(masks: readonly Tensor[]): void {
    const who = 'Rnn.setDropoutMasks';
    const { numLayers, batchFirst } = this.config;
    const given = items(masks, numLayers - 1);
    if (given?.length !== numLayers - 1) {
      refuse(`${who}: masks`, masks, `an array of ${numLayers - 1}, one for each layer but the last`);
    }
    const own = given.map((mask, k) => readTensor(`${who}: mask ${k}`, mask));
    const layout = layoutOf(own[0]?.shape.length, batchFirst);
    const raw = own.map((mask, k) => {
      expectShape(`${who}: mask ${k}`, mask, layout.sequence('T', 'B', this.#outputSize));
      return layout.inward(mask);
    });
    const [seqLen, batchSize] = raw[0]?.shape ?? [0, 0];
    this.call((rnn) =>
      rnn.setMasks(
        raw.map(({ data }) => data),
        seqLen!,
        batchSize!,
      ),
    );
  }

  /**
   * One step of B sequences, for input that is read as it arrives: `forward()` over T = 1 without the axis for time.
   *
   * @param x (B, I), or (I,) for a single sequence
   * @param state what the step before returned; zeros when left out
   * @returns the output (B, H), or (H,), and the state for the next step
   * @throws UnrollError as `forward()`, and `INVALID_ARGUMENT` for a bidirectional network, which must see the end first
   */
  forwardStep(x: Tensor, state?: RnnState): { readonly output: Tensor; readonly state: RnnState } {
    const { inputSize, bidirectional, batchFirst } = this.config;
    if (bidirectional) {
      throw new UnrollError(
        'INVALID_ARGUMENT',
        'Rnn.forwardStep: a bidirectional network reads its input from both ends; call forward() with the whole sequence',
      );
    }
    const own = readTensor('Rnn.forwardStep: x', x);
    const single = own.shape.length === 1;
    expectShape('Rnn.forwardStep: x', own, single ? [inputSize] : ['B', inputSize]);
    const { shape, data } = own;
    const [batchSize, features] = shape as [number, number];
    const window = single ? [1, inputSize] : batchFirst ? [batchSize, 1, features] : [1, batchSize, features];
    const { output, hN, cN } = this.forward({ shape: window, data }, { state });
    const { hiddenSize } = this.config;
    return {
      output: { shape: single ? [hiddenSize] : [batchSize, hiddenSize], data: output.data },
      state: { h: hN, c: cN },
    };
  }

  /**
   * Gradients of the last `forward()`, once for each: of
   *
   *   loss = sum(output .* g.output) + sum(hN .* g.hN) + sum(cN .* g.cN)
   *
   * by every parameter, the input and the initial states; so `g` holds the gradients of the caller's own loss by the
   * results. Padding gets gradient zero.
   *
   * @throws UnrollError `WRONG_STATE` without a `forward()` before, `SHAPE_MISMATCH`
   */
  backward(g: OutputGradients): BackwardResult {
    const who = 'Rnn.backward';
    const pass = this.#last;
    if (pass === null) {
      throw new UnrollError(
        'WRONG_STATE',
        `${who}: there was no forward() before it; call forward() for each backward()`,
      );
    }
    const { layout, seqLen, batchSize } = pass;
    const { output, hN, cN } = readFields(who, g, GRADIENT_FIELDS);
    const rawOutput = output === undefined ? null : this.#outputInward(`${who}: output`, output, pass);
    const rawH = hN === undefined ? null : this.#stateInward(`${who}: hN`, hN, pass);
    const rawC = this.#cellStateInward(`${who}: cN`, cN, pass);
    this.#last = null;
    const { x, h0, c0, gradients } = this.call((rnn) => rnn.backward(rawOutput, rawH, rawC));
    return {
      x: layout.outward({ shape: [seqLen, batchSize, this.config.inputSize], data: x }),
      h0: this.#stateOutward(h0, pass),
      c0: c0 && this.#stateOutward(c0, pass),
      parameters: stateDictOf(gradients),
    };
  }

  /**
   * Reads one sequence and looks at how the gradient of
   *
   *   loss = sum(w .* h_T)
   *
   * by the last hidden state of the top layer flows back through time. `w` decides which loss: the gradient of the caller's
   * own by h_T.
   *
   * @param x (T, I), or a batch of one
   * @param w (H,)
   * @throws UnrollError as `forward()`, and `INVALID_ARGUMENT` for a bidirectional network or a batch of more than one
   */
  gradientFlow(x: Tensor, w: Tensor, state?: RnnState): RnnGradientFlow {
    const { hiddenSize, numLayers, inputSize } = this.config;
    const weights = checkTensor('Rnn.gradientFlow: w', w, [hiddenSize]).data;
    const { hN } = this.forward(x, { state });
    const pass = this.#last!;
    const byStates = new Float32Array(this.#states * pass.batchSize * hiddenSize);
    byStates.set(weights, byStates.length - hiddenSize);
    const { x: byInput, h0, c0, ...flow } = this.call((rnn) => rnn.gradientFlow(byStates));
    this.#last = null;
    const last = hN.data.slice((numLayers - 1) * hiddenSize);
    return {
      loss: last.reduce((sum, value, j) => sum + value * weights[j]!, 0),
      hT: { shape: [hiddenSize], data: last },
      ...flowOf(flow),
      x: pass.layout.outward({ shape: [pass.seqLen, pass.batchSize, inputSize], data: byInput }),
      h0: this.#stateOutward(h0, pass),
      c0: c0 && this.#stateOutward(c0, pass),
    };
  }

  get #directions(): number {
    return this.config.bidirectional ? 2 : 1;
  }

  get #outputSize(): number {
    return this.#directions * this.config.hiddenSize;
  }

  get #states(): number {
    return this.#directions * this.config.numLayers;
  }

  #stateInward(where: string, state: unknown, { layout, batchSize }: Pass): Float32Array {
    return checkTensor(where, state, layout.state(this.#states, batchSize, this.config.hiddenSize)).data;
  }

  #cellStateInward(where: string, state: unknown, pass: Pass): Float32Array | null {
    if (state === undefined || state === null) return null;
    refuseCellState(where, this.config.cell);
    return this.#stateInward(where, state, pass);
  }

  #stateOutward(data: Float32Array, { layout, batchSize }: Pass): Tensor {
    return layout.stateOutward({ shape: [this.#states, batchSize, this.config.hiddenSize], data });
  }

  /** A tensor of the output's shape, in the engine's order. */
  #outputInward(where: string, value: unknown, { layout, seqLen, batchSize }: Pass): Float32Array {
    return layout.inward(checkTensor(where, value, layout.sequence(seqLen, batchSize, this.#outputSize))).data;
  }
}

// Tensors and lengths are looked at once the sizes are known.
const FORWARD_FIELDS = { state: anObject, lengths: asGiven, training: aFlag };
const GRADIENT_FIELDS = { output: asGiven, hN: asGiven, cN: asGiven };
