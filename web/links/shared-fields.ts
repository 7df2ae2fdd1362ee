import type { CellWord } from '../engine/cells.js';
import { CELL_NAMES, CELLS as TABLE } from '../engine/cells.js';
import { choice, real, shares, toggle, whole } from './fields.js';

/** The cells a run can name; `rnn` is the vanilla cell with tanh. */
export const CELLS: readonly CellWord[] = /* @__PURE__ */ CELL_NAMES.map((name) => TABLE[name].word);
export type Cell = CellWord;

export const OPTIMIZERS = ['adam', 'sgd'] as const;
export type Optimizer = (typeof OPTIMIZERS)[number];

/** What the networks of all tasks are made of. */
export const NETWORK_FIELDS = {
  cell: choice(CELLS, 'lstm', { placeholder: 'CELL', help: `${CELLS.join(', ')}; rnn is the one with tanh` }),
  /** H, the size of each layer's state. */
  hiddenSize: whole(128, 1, 1024, {
    word: 'hidden',
    label: 'Hidden size',
    help: 'How many numbers the network remembers between two characters, in each layer.',
  }),
  numLayers: whole(1, 1, 8, {
    word: 'layers',
    label: 'Layers',
    help: 'Recurrent layers on top of each other; each reads what the one below writes.',
  }),
  /** The size of the character embedding; 0 feeds one-hot vectors. */
  embeddingDim: whole(0, 0, 1024, {
    word: 'embedding',
    label: 'Embedding',
    help: 'Each character becomes this many learned numbers. 0 feeds it as a plain one-hot vector.',
  }),
  /** The probability with which an output between two layers is dropped in training. */
  dropout: real(0, 0, 0.95, {
    placeholder: 'P',
    label: 'Dropout',
    help: 'This share of the values between two layers is set to zero at random in training. Needs two layers.',
  }),
  /** Added to the forget gate's bias at initialisation (LSTM); 0 is PyTorch's start. */
  forgetBias: real(0, -10, 10, {
    label: 'Forget bias',
    help: 'Added to the forget gate of an LSTM at the start: above 0 it remembers from the beginning.',
  }),
};

/** Threads that may train a run together. */
export const MAX_WORKERS = 16;

/** How it is trained. */
export const TRAINING_FIELDS = {
  steps: whole(3000, 1, 1_000_000, {
    changes: 'pace',
    label: 'Steps',
    help: 'One step reads one batch and then moves every weight a little.',
  }),
  learningRate: real(0.002, 1e-9, 10, {
    word: 'lr',
    changes: 'pace',
    label: 'Learning rate',
    help: 'How far the weights move in a step. Too small is slow, too large is chaos.',
  }),
  optimizer: choice(OPTIMIZERS, 'adam', { help: OPTIMIZERS.join(' or ') }),
  /** The largest norm of all gradients together; 0 does not clip. */
  clipNorm: real(5, 0, 1_000_000, {
    word: 'clip',
    changes: 'pace',
    label: 'Clip gradient at',
    help: 'When the gradients together are longer than this, they are shortened to it. 0 never shortens.',
  }),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER, {
    label: 'Seed',
    help: 'Decides all the random numbers. The same seed gives the same network, bit for bit.',
  }),
  split: shares([0.9, 0.05, 0.05], { help: 'shares for training, validation and test' }),
  /**
   * Threads that train together, each with its part of the batch. Another number is another run: sums are rounded in
   * another order, and each thread draws its own dropout masks.
   */
  workers: whole(1, 1, MAX_WORKERS, {
    label: 'Workers',
    help: 'Threads that train together. Another number gives other last digits.',
  }),
  /** Steps between two evaluations; 0 evaluates only before the first step and after the last. */
  evalEvery: whole(250, 0, 1_000_000, {
    changes: 'pace',
    label: 'Validate every',
    help: 'Steps between two readings of the validation text. 0 reads it only at the start and the end.',
  }),
  /** Steps between two samples; 0 takes none. */
  sampleEvery: whole(250, 0, 1_000_000, {
    changes: 'pace',
    label: 'Sample every',
    help: 'Steps between two samples. 0 takes none.',
  }),
};

/** By which engine. */
export const ENGINE_FIELDS = {
  /**
   * Asks for the fast build of the engine, where there is one that works; elsewhere the run is strict, as it always may
   * be. Its last bits depend on the machine, so such a run claims no result, and no claim is held against it.
   */
  fast: toggle({ help: 'the fast build, whose last bits depend on the machine; strict where it does not work' }),
};

/** Every task has these, in a place and with a standard value of its own. */
export type SharedFields = typeof NETWORK_FIELDS & typeof TRAINING_FIELDS & typeof ENGINE_FIELDS & BatchField;

interface BatchField {
  /** B, the sequences read side by side. */
  readonly batchSize: ReturnType<typeof whole>;
}
