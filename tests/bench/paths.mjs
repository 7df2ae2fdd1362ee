import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { tensor } from '../../build/lib/engine/index.js';
import { engineOf } from '../fast-engine.mjs';
import { benchText, vocabSize } from './configs.mjs';
import { median, ratePerSecond, spread } from './measure.mjs';
import { multiplyAdds } from './multiply-adds.mjs';

/**
 * npm run bench -- --paths [--only WORD] [--build fast] [--rounds N] [--json]: the CPU time of each way through the engine for a
 * multiply-add of its matrix products, and its ratio to that of the plain training step in the same round.
 */
const { values } = parseArgs({
  options: {
    paths: { type: 'boolean' },
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '7' },
    build: { type: 'string', default: 'strict' },
    only: { type: 'string', default: '' },
  },
});

/** CPU seconds that each figure of a round is measured for. */
const WINDOW = 0.25;

const HIDDEN = 128;
const BATCH = 32;
const SEQ = 64;
const CLASSES = 10;
const ROWS = BATCH * SEQ;
const FORWARD = {};
const BACKWARD = { backward: true };

const engine = await engineOf(values.build);
const text = benchText(20_000);
const vocabulary = [...new Set(text)].sort().join('');
const head = { hidden: HIDDEN, outputs: vocabSize };

/** Numbers that are neither zero nor regular. */
const numbers = (count) => Array.from({ length: count }, (_, i) => Math.sin(1 + 1.7 * i));

/** A training step of a language model, with clipping and Adam. */
function trainingStep(name, { cell = 'lstm', layers = 1, embedding = 0 }) {
  const config = {
    cell,
    hiddenSize: HIDDEN,
    numLayers: layers,
    embeddingDim: embedding,
    batchSize: BATCH,
    seqLen: SEQ,
  };
  const trainer = engine.createTrainer(config, text);
  return {
    name,
    work: ROWS * multiplyAdds({ ...head, cell, layers, features: embedding }, BACKWARD),
    run: () => trainer.train(1),
  };
}

/** Forward and backward through a network over vectors, its arrays in and out included. */
function network(name, { layers = 1, bidirectional = false, lengths }) {
  const config = { cell: 'lstm', inputSize: HIDDEN, hiddenSize: HIDDEN, numLayers: layers, bidirectional };
  const rnn = engine.createRnn(config);
  const directions = bidirectional ? 2 : 1;
  const x = tensor([SEQ, BATCH, HIDDEN], numbers(ROWS * HIDDEN));
  const gradient = tensor([SEQ, BATCH, HIDDEN * directions], numbers(ROWS * HIDDEN * directions));
  const rows = lengths?.reduce((sum, length) => sum + length, 0) ?? ROWS;
  return {
    name,
    work: rows * multiplyAdds({ hidden: HIDDEN, layers, directions, features: HIDDEN }, BACKWARD),
    run() {
      rnn.forward(x, { lengths });
      rnn.backward({ output: gradient });
    },
  };
}

/** A step of a classifier of texts of different lengths: loss, gradients and update. */
function classifierStep(name, { bidirectional = false, embedding = 0 }) {
  const config = {
    cell: 'lstm',
    vocabSize,
    hiddenSize: HIDDEN,
    bidirectional,
    embeddingDim: embedding,
    classes: CLASSES,
  };
  const model = engine.createClassifier(config);
  model.configureOptimizer({ kind: 'adam' });
  const sequences = raggedLengths().map((length, b) => Array.from({ length }, (_, t) => (t * t + 7 * b) % vocabSize));
  const labels = sequences.map((_, b) => b % CLASSES);
  const sizes = { hidden: HIDDEN, directions: bidirectional ? 2 : 1, features: embedding };
  const rows = sequences.reduce((sum, sequence) => sum + sequence.length, 0);
  return {
    name,
    // The head reads one state of each sequence.
    work: rows * multiplyAdds(sizes, BACKWARD) + BATCH * 3 * CLASSES * sizes.directions * HIDDEN,
    run() {
      model.lossAndGradients(sequences, labels);
      model.applyGradients({ clipNorm: 1 });
    },
  };
}

/** A language model that is only read with. */
function reading(name, chars, act, { layers = 1, pass = FORWARD, hidden = HIDDEN } = {}) {
  const model = engine.createLanguageModel({
    cell: 'lstm',
    hiddenSize: hidden,
    numLayers: layers,
    vocabulary,
    seed: 1,
  });
  return { name, work: chars * multiplyAdds({ ...head, hidden, layers }, pass), run: () => act(model) };
}

const raggedLengths = () => Array.from({ length: BATCH }, (_, b) => 1 + ((b * 29) % SEQ));

/** The gradient of one guess: backward through all steps down to the one-hot inputs; the head only reads and learns once. */
function guess(name, chars) {
  const path = reading(name, 0, (model) => model.probe(text.slice(0, chars), { target: 'A' }));
  const forward = 2 * chars * multiplyAdds(head, FORWARD); // the probe itself, and the guess
  const backward = multiplyAdds(head, BACKWARD) - multiplyAdds(head, FORWARD);
  const byInput = 4 * HIDDEN * vocabSize;
  return { ...path, work: forward + chars * (backward + byInput) };
}

const textOf = (chars) => text.slice(0, chars);
const makers = [
  () => trainingStep('plain step', {}),
  () => trainingStep('2 layers', { layers: 2 }),
  () => trainingStep('3 layers', { layers: 3 }),
  () => trainingStep('embedding input', { embedding: 64 }),
  () => trainingStep('gru', { cell: 'gru' }),
  () => trainingStep('rnn', { cell: 'rnn' }),
  () => network('vectors', {}),
  () => network('bidirectional', { bidirectional: true }),
  () => network('bidirectional, 2 layers', { bidirectional: true, layers: 2 }),
  () => network('packed lengths', { lengths: raggedLengths() }),
  () => network('packed, bidirectional', { lengths: raggedLengths(), bidirectional: true }),
  () => classifierStep('classifier', {}),
  () => classifierStep('classifier, embedding', { embedding: 64 }),
  () => classifierStep('classifier, bidirectional', { bidirectional: true, embedding: 64 }),
  () => reading('evaluate a text', 4096, (model) => model.evaluateText(textOf(4096))),
  () => reading('evaluate 32 texts', 32 * 512, (model) => model.evaluateTexts(Array(32).fill(textOf(512)))),
  () => reading('probe', 512, (model) => model.probe(textOf(512))),
  () => guess('probe of a guess', 512),
  () => reading('generate', 2000, (model) => model.generate({ prompt: 'A', length: 2000 })),
  () => reading('generate 32', 32 * 200, (model) => model.generateMany({ prompt: 'A', count: 32, length: 200 })),
];

const paths = makers.map((make) => make()).filter(({ name }, i) => i === 0 || name.includes(values.only));
for (const { run } of paths) run();
const samples = paths.map(() => ({ nanoseconds: [], ratios: [] }));
for (let round = 0; round < Number(values.rounds); ++round) {
  let plain = 0;
  paths.forEach(({ work, run }, i) => {
    const perSecond = ratePerSecond(() => {
      run();
      return work;
    }, WINDOW);
    if (i === 0) plain = perSecond;
    samples[i].nanoseconds.push(1e9 / perSecond);
    samples[i].ratios.push(plain / perSecond);
  });
}

if (!values.json) {
  console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${engine.buildInfo().build} build, one thread`);
  console.log(
    `LSTM of ${HIDDEN}, B=${BATCH}, T=${SEQ}; medians of CPU time, ratio to the plain step of the same round`,
  );
  console.log('path                         ns per multiply-add   ratio (min – max)');
}
paths.forEach(({ name, work }, i) => {
  const nanoseconds = median(samples[i].nanoseconds);
  const ratio = spread(samples[i].ratios);
  if (values.json) {
    console.log(JSON.stringify({ path: name, multiplyAdds: work, nanoseconds, ratio }));
    return;
  }
  const range = `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} – ${ratio.max.toFixed(2)})`;
  console.log(name.padEnd(28), nanoseconds.toFixed(4).padStart(19), ` ${range}`);
});
