/** The cells a run can name; `rnn` is the vanilla cell with tanh. */
export const CELLS = ['lstm', 'gru', 'rnn', 'rnn-relu'] as const;
export type Cell = (typeof CELLS)[number];

export const OPTIMIZERS = ['adam', 'sgd'] as const;
export type Optimizer = (typeof OPTIMIZERS)[number];

/** The shares of the text for training, validation and test, in the order of the text. They add up to 1. */
export type Split = readonly [train: number, validation: number, test: number];

/**
 * A run: everything that decides, bit for bit unless it is `fast`, what is trained and what it writes. A link, the
 * command line and the page all describe a run by these words.
 */
export interface RunConfig {
  /** The id of a bundled or generated text, or the reader's own. */
  readonly text: string | { readonly own: string };

  readonly cell: Cell;
  /** H, the size of each layer's state. */
  readonly hidden: number;
  readonly layers: number;
  /** The size of the character embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  /** The probability with which an output between two layers is dropped in training. */
  readonly dropout: number;
  /** Added to the forget gate's bias at initialisation (LSTM); 0 is PyTorch's start. */
  readonly forgetBias: number;

  /** B, the streams read side by side. */
  readonly batch: number;
  /** T, the characters of each stream in one step. */
  readonly seq: number;
  readonly steps: number;
  readonly lr: number;
  readonly optimizer: Optimizer;
  /** The largest norm of all gradients together; 0 does not clip. */
  readonly clip: number;
  readonly seed: number;
  readonly split: Split;
  /**
   * Threads that train together, each with its part of the `batch` streams. Another number is another run: sums are
   * rounded in another order, and each thread draws its own dropout masks.
   */
  readonly workers: number;

  /** Steps between two evaluations; 0 evaluates only before the first step and after the last. */
  readonly evalEvery: number;
  /** Steps between two samples; 0 takes none. */
  readonly sampleEvery: number;
  /** What a sample begins with; when empty, it begins as if after a line break. */
  readonly prompt: string;
  readonly temperature: number;
  readonly sampleSeed: number;
  readonly sampleLength: number;
  /** Always take the likeliest character instead of drawing one. */
  readonly greedy: boolean;

  /**
   * Asks for the fast build of the engine, where there is one that works; elsewhere the run is strict, as it always may
   * be. Its last bits depend on the machine, so such a run claims no result, and no claim is held against it.
   */
  readonly fast: boolean;
}

/**
 * What a link of version 1 means where it says nothing. Frozen: changing a value would silently change every link
 * that has ever been shared, so another default needs another version.
 */
export const DEFAULTS: RunConfig = Object.freeze({
  text: 'moby-dick',
  cell: 'lstm',
  hidden: 128,
  layers: 1,
  embedding: 0,
  dropout: 0,
  forgetBias: 0,
  batch: 32,
  seq: 64,
  steps: 3000,
  lr: 0.002,
  optimizer: 'adam',
  clip: 5,
  seed: 1,
  split: Object.freeze([0.9, 0.05, 0.05] as const),
  workers: 1,
  evalEvery: 250,
  sampleEvery: 250,
  prompt: '',
  temperature: 0.8,
  sampleSeed: 1,
  sampleLength: 200,
  greedy: false,
  fast: false,
});

/** The range of each number, ends included. The engine has its own limits and refuses on its own. */
export const LIMITS = Object.freeze({
  hidden: { min: 1, max: 1024 },
  layers: { min: 1, max: 8 },
  embedding: { min: 0, max: 1024 },
  dropout: { min: 0, max: 0.95 },
  forgetBias: { min: -10, max: 10 },
  batch: { min: 1, max: 256 },
  seq: { min: 1, max: 1024 },
  steps: { min: 1, max: 1_000_000 },
  lr: { min: 1e-9, max: 10 },
  clip: { min: 0, max: 1_000_000 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  workers: { min: 1, max: 16 },
  evalEvery: { min: 0, max: 1_000_000 },
  sampleEvery: { min: 0, max: 1_000_000 },
  temperature: { min: 0.001, max: 100 },
  sampleSeed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  sampleLength: { min: 1, max: 10_000 },
} satisfies Partial<Record<keyof RunConfig, { min: number; max: number }>>);

export type NumberKey = keyof typeof LIMITS;

/** UTF-16 units a prompt may have. */
export const MAX_PROMPT_LENGTH = 1000;
