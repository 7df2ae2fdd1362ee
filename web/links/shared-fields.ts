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
  cell: choice(CELLS, 'lstm', { placeholder: 'CELL', help: 'lstm, gru, rnn (tanh) or rnn-relu' }),
  /** H, the size of each layer's state. */
  hidden: whole(128, 1, 1024, { help: 'size of the hidden state' }),
  layers: whole(1, 1, 8, { help: 'layers on top of each other' }),
  /** The size of the character embedding; 0 feeds one-hot vectors. */
  embedding: whole(0, 0, 1024, { help: 'size of the character embedding; 0 feeds one-hot vectors' }),
  /** The probability with which an output between two layers is dropped in training. */
  dropout: real(0, 0, 0.95, { placeholder: 'P', help: 'probability of dropping an output between layers' }),
  /** Added to the forget gate's bias at initialisation (LSTM); 0 is PyTorch's start. */
  forgetBias: real(0, -10, 10, { help: "added to the LSTM's forget-gate bias at the start" }),
};

/** Threads that may train a run together. */
export const MAX_WORKERS = 16;

/** How it is trained. */
export const TRAINING_FIELDS = {
  steps: whole(3000, 1, 1_000_000, { changes: 'pace', help: 'training steps' }),
  lr: real(0.002, 1e-9, 10, { changes: 'pace', help: 'learning rate' }),
  optimizer: choice(OPTIMIZERS, 'adam', { help: 'adam or sgd' }),
  /** The largest norm of all gradients together; 0 does not clip. */
  clip: real(5, 0, 1_000_000, { changes: 'pace', help: 'largest norm of all gradients together; 0 does not clip' }),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER, { help: 'seed of the initial weights' }),
  split: shares([0.9, 0.05, 0.05], { help: 'shares for training, validation and test' }),
  /**
   * Threads that train together, each with its part of the batch. Another number is another run: sums are rounded in
   * another order, and each thread draws its own dropout masks.
   */
  workers: whole(1, 1, MAX_WORKERS, {
    help: 'threads that train together; `unroll train` takes auto, which measures whether more pay',
  }),
  /** Steps between two evaluations; 0 evaluates only before the first step and after the last. */
  evalEvery: whole(250, 0, 1_000_000, {
    changes: 'pace',
    help: 'steps between evaluations; 0: only first and last',
  }),
  /** Steps between two samples; 0 takes none. */
  sampleEvery: whole(250, 0, 1_000_000, { changes: 'pace', help: 'steps between samples; 0: none' }),
};

/** By which engine. */
export const ENGINE_FIELDS = {
  /**
   * Asks for the fast build of the engine, where there is one that works; elsewhere the run is strict, as it always may
   * be. Its last bits depend on the machine, so such a run claims no result, and no claim is held against it.
   */
  fast: toggle({ help: 'use the fast build, whose last bits depend on the machine; strict where it does not work' }),
};

/** Every task has these, in a place and with a standard value of its own. */
export type SharedFields = typeof NETWORK_FIELDS & typeof TRAINING_FIELDS & typeof ENGINE_FIELDS & BatchField;

interface BatchField {
  /** B, the sequences read side by side. */
  readonly batch: ReturnType<typeof whole>;
}
