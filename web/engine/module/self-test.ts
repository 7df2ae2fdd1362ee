import type { Engine } from '../engine.js';
import type { TrainerConfig } from '../networks/model-config.js';

/**
 * Whether a fast engine computes what a strict one computes, but for rounding.
 *
 * Fused multiply-add rounds once where the strict build rounds twice, which moves a loss by about 1e-6 in so few steps.
 * A multiply-add that is compiled wrongly moves it by 0.01 and more. V8 13.6 does that on x64 without AVX, and only in
 * optimised code, which takes the place of the first one function by function, some time after a function has worked
 * enough. So the fast engine works a while, waits a moment for the compiler, and is looked at; and all that twice.
 *
 * @returns null, or what differs
 */
export async function findDifference(fast: Engine, strict: Engine): Promise<string | null> {
  const expected = NETWORKS.flatMap((network) => look(strict, network));
  for (let round = 0; round < ROUNDS; ++round) {
    for (const network of NETWORKS) work(fast, network);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const found = NETWORKS.flatMap((network) => look(fast, network));
    const at = expected.findIndex(({ value }, i) => !(relativeError(found[i]!.value, value) <= TOLERANCE));
    if (at >= 0) return describe(expected[at]!, found[at]!);
  }
  return null;
}

const TOLERANCE = 1e-3;
const ROUNDS = 2;
/** In half as many V8 has found every function of a training step worth optimising. */
const WARM_UP_STEPS = 100;
const PAUSE_MS = 25;

/** Enough for a wrong sum to have gone through the optimizer and back, too few for rounding to have grown. */
const STEPS = 12;

const TEXT = 'the quick brown fox jumps over the lazy dog, and the dog sleeps on. '.repeat(12);

/** Between them they use every product, every gate and both optimizers, with rows and columns to spare in every tile. */
const NETWORKS: readonly TrainerConfig[] = [
  { cell: 'lstm', hiddenSize: 44, batchSize: 15, seqLen: 12, seed: 1 },
  { cell: 'gru', hiddenSize: 28, numLayers: 2, embeddingDim: 10, batchSize: 1, seqLen: 20, seed: 2 },
  {
    cell: 'rnn_tanh',
    hiddenSize: 20,
    batchSize: 6,
    seqLen: 10,
    seed: 3,
    optimizer: { kind: 'sgd', learningRate: 0.1 },
  },
];

interface Figure {
  readonly what: string;
  readonly value: number;
}

/** Trains and forgets. */
function work(engine: Engine, network: TrainerConfig): void {
  engine.scope((scope) => scope.use(engine.createTrainer(network, TEXT)).trainSlice(WARM_UP_STEPS, Infinity));
}

/** Losses and gradients of the first steps, and the loss of reading on one character after the other. */
function look(engine: Engine, network: TrainerConfig): readonly Figure[] {
  return engine.scope((scope) => {
    const trainer = scope.use(engine.createTrainer(network, TEXT));
    const { losses, gradNorms } = trainer.trainSlice(STEPS, Infinity);
    const { lossNats } = trainer.evaluate('validation');
    return [
      ...[...losses].map((value, i) => ({ what: `the loss of ${network.cell} at step ${i + 1}`, value })),
      ...[...gradNorms].map((value, i) => ({ what: `the gradient of ${network.cell} at step ${i + 1}`, value })),
      { what: `the validation loss of ${network.cell}`, value: lossNats },
    ];
  });
}

function describe({ what, value }: Figure, found: Figure): string {
  return `${what} is ${found.value.toPrecision(6)} instead of ${value.toPrecision(6)}`;
}

/** NaN when either is. */
function relativeError(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
}
