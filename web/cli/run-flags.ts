import { completeConfig, DEFAULTS, LinkError } from '../links/index.js';
import type { RunConfig } from '../links/index.js';
import type { ConfigValues } from '../links/check-config.js';
import { FIELDS, writtenName } from '../links/fields.js';
import { UsageError } from './cli-error.js';
import type { Flag } from './flags.js';

const FAST_HELP = 'use the fast build, whose last bits depend on the machine; strict where it does not work';

/** For commands that have no run. */
export const FAST_FLAG: Flag = { name: 'fast', value: null, help: FAST_HELP };

/** The values of a run as flags: the same names as in a link, in the order in which one thinks of them. */
const HELP: Readonly<Record<Exclude<keyof RunConfig, 'text'>, readonly [value: string | null, help: string]>> = {
  cell: ['CELL', 'lstm, gru, rnn (tanh) or rnn-relu'],
  hidden: ['N', 'size of the hidden state'],
  layers: ['N', 'layers on top of each other'],
  embedding: ['N', 'size of the character embedding; 0 feeds one-hot vectors'],
  dropout: ['P', 'probability of dropping an output between layers'],
  forgetBias: ['X', "added to the LSTM's forget-gate bias at the start"],
  batch: ['N', 'streams read side by side'],
  seq: ['N', 'characters of each stream in one step'],
  steps: ['N', 'training steps'],
  lr: ['X', 'learning rate'],
  optimizer: ['NAME', 'adam or sgd'],
  clip: ['X', 'largest norm of all gradients together; 0 does not clip'],
  seed: ['N', 'seed of the initial weights'],
  split: ['A,B,C', 'shares for training, validation and test'],
  workers: ['N', 'threads that train together; `unroll train` takes auto, which measures whether more pay'],
  evalEvery: ['N', 'steps between evaluations; 0: only first and last'],
  sampleEvery: ['N', 'steps between samples; 0: none'],
  prompt: ['TEXT', 'what a sample begins with'],
  temperature: ['X', 'below 1 plays safe, above 1 dares more'],
  sampleSeed: ['N', 'seed of the samples'],
  sampleLength: ['N', 'characters of a sample'],
  greedy: [null, 'take the likeliest character instead of drawing'],
  fast: [null, FAST_HELP],
};

export const RUN_FLAGS: readonly Flag[] = Object.entries(HELP).map(([property, [value, help]]) => ({
  name: writtenName(property as keyof RunConfig),
  value,
  help: `${help}${describeDefault(DEFAULTS[property as keyof RunConfig])}`,
}));

function describeDefault(value: RunConfig[keyof RunConfig]): string {
  return value === '' || value === false ? '' : ` [${String(value)}]`;
}

/**
 * The run that flags describe, with the values of `others` where there is no flag.
 *
 * @throws UsageError that names every value out of range.
 */
export function configFromFlags(
  flags: ReadonlyMap<string, string>,
  text: RunConfig['text'],
  others: Partial<RunConfig> = {},
): RunConfig {
  const values: ConfigValues = { ...others, text };
  for (const { name, property, parse } of FIELDS) {
    const written = flags.get(name);
    if (property === 'text' || written === undefined) continue;
    values[property] = HELP[property][0] === null ? true : parse(written);
  }
  try {
    return completeConfig(values);
  } catch (error) {
    throw error instanceof LinkError ? new UsageError(`--${error.message}`) : error;
  }
}
