import { loadavg } from 'node:os';

import { Replicas, sameEngine, spawnInNode } from '../../build/lib/parallel/index.js';
import { benchText, nameOf, vocabSize } from './configs.mjs';
import { median, spread } from './measure.mjs';

/**
 * Several workers against one: wall-clock characters per second, alternated. On a machine with other work the clock says
 * little; so a line also has what does not depend on it, the CPU time of a step and the least time that an exchange of
 * gradients takes, and the speed-up that follows from these two on as many free cores as there are workers.
 */

/** Large models, and a small one as the counterexample. */
export const parallelConfigs = [
  { cell: 'lstm', hidden: 256, batch: 64, seq: 64 },
  { cell: 'lstm', hidden: 512, batch: 64, seq: 64 },
  { cell: 'lstm', hidden: 128, batch: 32, seq: 64 },
];

/** Seconds for each figure of a round. */
const WINDOW_MS = 1000;

const trainerConfig = ({ cell, hidden, batch, seq, layers = 1 }) => ({
  cell,
  hiddenSize: hidden,
  numLayers: layers,
  batchSize: batch,
  seqLen: seq,
});

/** The CPU seconds of all threads. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Milliseconds by the clock and of CPU for one step. */
async function timeSteps(slice, ms) {
  const [wall, cpu] = [performance.now(), cpuMs()];
  const { losses } = await slice(ms);
  return { wallMs: (performance.now() - wall) / losses.length, cpuMs: (cpuMs() - cpu) / losses.length };
}

/** Calls `action` with a trainer and with replicas of one configuration: two functions that train for some milliseconds. */
async function withBoth(engine, config, count, action) {
  const text = benchText(Math.max(20_000, 4 * config.batchSize * config.seqLen));
  const alone = engine.createTrainer(config, text);
  const replicas = await Replicas.start({
    engine,
    config,
    data: text,
    count,
    spawn: spawnInNode,
    engineOptions: sameEngine(engine),
  });
  try {
    const one = async (ms) => alone.trainSlice(Number.MAX_SAFE_INTEGER, ms);
    const many = (ms) => replicas.trainSlice(Number.MAX_SAFE_INTEGER, ms);
    for (const slice of [one, many, one, many]) await slice(0);
    return await action(one, many);
  } finally {
    replicas.delete();
    alone.delete();
  }
}

/**
 * What the exchange adds to a step: the same weights with as little else as there can be, one character for each worker.
 * The least of many, since other work only ever adds.
 */
function exchangeMs(engine, config, count) {
  return withBoth(engine, { ...config, batchSize: count, seqLen: 1 }, count, async (one, many) => {
    let [alone, together] = [Infinity, Infinity];
    for (let i = 0; i < 100; ++i) {
      alone = Math.min(alone, (await timeSteps(one, 0)).wallMs);
      together = Math.min(together, (await timeSteps(many, 5)).wallMs);
    }
    return Math.max(0, together - alone);
  });
}

/** Measures one configuration with one worker and with `count`. */
export async function benchWorkers(engine, configuration, rounds, count) {
  const config = trainerConfig(configuration);
  const exchange = await exchangeMs(engine, config, count);
  const rows = await withBoth(engine, config, count, async (one, many) => {
    const all = [];
    for (let round = 0; round < rounds; ++round) {
      all.push({ one: await timeSteps(one, WINDOW_MS), many: await timeSteps(many, WINDOW_MS) });
    }
    return all;
  });
  const chars = config.batchSize * config.seqLen * 1000;
  const aloneCpuMs = median(rows.map(({ one }) => one.cpuMs));
  const togetherCpuMs = median(rows.map(({ many }) => many.cpuMs));
  return {
    workers: count,
    aloneCharsPerSecond: spread(rows.map(({ one }) => chars / one.wallMs)),
    togetherCharsPerSecond: spread(rows.map(({ many }) => chars / many.wallMs)),
    ratio: spread(rows.map(({ one, many }) => one.wallMs / many.wallMs)),
    aloneCpuMs,
    togetherCpuMs,
    exchangeMs: exchange,
    expectedRatio: aloneCpuMs / (togetherCpuMs / count + exchange),
    gigaflopsAlone: (engine.plan({ ...config, vocabSize }).flopsPerChar * chars) / 1000 / aloneCpuMs / 1e6,
    load: loadavg()[0],
  };
}

const thousands = ({ median: middle }) => `${(middle / 1000).toFixed(1)}k`;

export const workersHeading =
  'configuration            workers   chars/s one  chars/s all  ratio (min – max)     CPU ms/step one, all   exchange ms  expected   load';

export function workersLine(configuration, result) {
  const { ratio } = result;
  return [
    nameOf(configuration).padEnd(24),
    String(result.workers).padEnd(9),
    thousands(result.aloneCharsPerSecond).padEnd(12),
    thousands(result.togetherCharsPerSecond).padEnd(12),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} – ${ratio.max.toFixed(2)})`.padEnd(21),
    `${result.aloneCpuMs.toFixed(1)}, ${result.togetherCpuMs.toFixed(1)}`.padEnd(22),
    result.exchangeMs.toFixed(2).padEnd(12),
    result.expectedRatio.toFixed(2).padEnd(10),
    result.load.toFixed(1),
  ].join(' ');
}
