import type { Boundary } from '../module/boundary.js';
import type { FileEntries } from '../files/model-metadata.js';
import { Network } from './network.js';
import type { RawSequenceModel, RawSequenceOutputs } from '../module/raw-module.js';
import type { SequenceLayersConfig } from './sequence-config.js';
import type { StateDict } from './state-dict.js';
import type { Tensor } from './tensor.js';

/** What a network makes of a batch of sequences. */
export interface SequenceOutputs {
  /** What the head answers, before any softmax: (B, O) with readout `'last'`, else (T, B, O), zero in the padding. */
  readonly outputs: Tensor;
  /** What the head has read: (B, D*H) with readout `'last'`, else null. */
  readonly features: Tensor | null;
  /** The hidden state of each layer and direction after each sequence's own last step, (L*D, B, H). */
  readonly hN: Tensor;
}

/** The loss of a batch and its gradients, beside the outputs. */
export interface SequenceLoss extends SequenceOutputs {
  /** The mean over the answers that count. */
  readonly loss: number;
  /** The loss of each answer, (B) or (T, B); 0 where it does not count and in the padding. */
  readonly perRow: Float64Array;
  readonly gradients: StateDict;
}

/** The sizes of a network that the shapes of its results follow from. */
export interface SequenceSizes {
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly directions: number;
  readonly outputSize: number;
  readonly everyStep: boolean;
}

/** How long and how wide a batch is. */
export interface SequenceFrame {
  readonly seqLen: number;
  readonly batchSize: number;
}

/**
 * What classifiers and regressors have in common: sequences -> recurrent layers over the packed batch -> linear head.
 *
 *   embedding.weight (V, E) where there is one
 *   rnn.weight_ih_l{k}[_reverse] (G*H, input)   rnn.weight_hh_l{k}[_reverse] (G*H, H)   rnn.bias_ih_..., rnn.bias_hh_... (G*H)
 *   head.weight (O, D*H)   head.bias (O)
 *
 * Padding is not read and changes neither loss nor gradient by a bit. The final state of a sequence is that after its own
 * last step; the reverse direction starts there.
 */
export abstract class SequenceModel extends Network<RawSequenceModel> {
  readonly #sizes: SequenceSizes;

  /** @internal */
  protected constructor(
    who: string,
    boundary: Boundary,
    config: object,
    layers: SequenceLayersConfig,
    outputSize: number,
    handle?: RawSequenceModel,
  ) {
    const { readout, ...own } = config as SequenceLayersConfig;
    const everyStep = readout === 'steps';
    super(
      who,
      boundary,
      handle ?? boundary.call(() => boundary.module.createSequenceModel({ ...own, outputSize, everyStep })),
    );
    const { hiddenSize, numLayers = 1, bidirectional = false } = layers;
    this.#sizes = { hiddenSize, numLayers, directions: bidirectional ? 2 : 1, outputSize, everyStep };
  }

  /** What its file says beside its configuration. @internal */
  fileEntries(): FileEntries {
    return [['unroll.kind', this.who]];
  }

  /** How many answers a batch has, with those in the padding. @internal */
  protected answers({ seqLen, batchSize }: SequenceFrame): number {
    return this.#sizes.everyStep ? seqLen * batchSize : batchSize;
  }

  /** @internal */
  protected answerShape({ seqLen, batchSize }: SequenceFrame, ...features: number[]): number[] {
    return this.#sizes.everyStep ? [seqLen, batchSize, ...features] : [batchSize, ...features];
  }

  /** @internal */
  protected outputsOf({ outputs, features, hN }: RawSequenceOutputs, frame: SequenceFrame): SequenceOutputs {
    const { hiddenSize, numLayers, directions, outputSize } = this.#sizes;
    const { batchSize } = frame;
    return {
      outputs: { shape: this.answerShape(frame, outputSize), data: outputs },
      features: features && { shape: [batchSize, directions * hiddenSize], data: features },
      hN: { shape: [numLayers * directions, batchSize, hiddenSize], data: hN },
    };
  }
}
