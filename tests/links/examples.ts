import type { Link, LanguageConfig } from '../../web/links/index.js';
import { DEFAULTS } from '../../web/links/index.js';

const OWN = 'Row, row, row your boat,\ngently down the stream.\n'.repeat(12);

const claim = { generation: 1, step: 100, fingerprint: '00f1e2d3c4b5a697' };

function run(values: Partial<LanguageConfig>, rest: Partial<Link> = {}): Pick<Link, 'config'> & Partial<Link> {
  return { config: { ...DEFAULTS, ...values }, ...rest };
}

/** Runs that between them use every key, every kind of value and every part of a link. */
export const EXAMPLES: readonly (Pick<Link, 'config'> & Partial<Link>)[] = [
  run({}),
  run({ cell: 'gru' }),
  run({ cell: 'rnn', hiddenSize: 64, numLayers: 2 }),
  run({ cell: 'rnn-relu', hiddenSize: 1, batchSize: 1, seqLen: 1, steps: 1 }),
  run({ hiddenSize: 1024, numLayers: 8, batchSize: 256, seqLen: 1024, steps: 1_000_000 }),
  run({ text: 'names', prompt: 'Ma', seed: 42 }),
  run({ text: 'sums', prompt: '12+7=', greedy: true }),
  run({ text: 'brackets', prompt: '([{', sampleLength: 60 }),
  run({ text: 'counting', hiddenSize: 8, prompt: 'aaa' }),
  run({ text: 'copying', dropout: 0.25, numLayers: 2 }),
  run({ embeddingDim: 32, forgetBias: 1 }),
  run({ optimizer: 'sgd', learningRate: 0.5, clipNorm: 0 }),
  run({ learningRate: 1e-7, clipNorm: 0.25 }),
  run({ seed: Number.MAX_SAFE_INTEGER, sampleSeed: 0 }),
  run({ split: [0.8, 0.1, 0.1], evalEvery: 0, sampleEvery: 0 }),
  run({ split: [1, 0, 0] }),
  run({ workers: 2, hiddenSize: 256, batchSize: 64 }),
  run({ prompt: 'Call me "Ishmael" (again), & so on = 100 %.' }),
  run({ prompt: 'ä🐳\n\u0301', temperature: 0.001 }),
  run({ fast: true }),
  run({ cell: 'gru', steps: 200, fast: true }, { claim }),
  run({ text: { own: OWN } }),
  run({ text: { own: 'ß' }, hiddenSize: 16, steps: 100 }, { claim }),
  run({ cell: 'gru', steps: 200 }, { claim }),
  run({ hiddenSize: 32 }, { extra: new Map([['title', 'Lesson%203']]) }),
  run(
    { text: { own: OWN }, steps: 500, prompt: 'Row, ' },
    {
      claim,
      extra: new Map([
        ['a-b', ''],
        ['zz9', '-_.~'],
      ]),
    },
  ),
];
