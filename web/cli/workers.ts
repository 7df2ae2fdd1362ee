import { availableParallelism } from 'node:os';
import type { TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { chooseRunWorkers } from '../run/index.js';
import { loadEngine } from './load-engine.js';
import { note } from './terminal.js';

/** The word of `--workers` that has them measured and chosen. */
export const AUTO = 'auto';

/** The same run with as many workers as pay here; why so many is told. */
export async function withBestWorkers(config: RunConfig, data: TrainingData): Promise<RunConfig> {
  const engine = await loadEngine(config.fast);
  const { workers, why } = await chooseRunWorkers(engine, config, data, spawnInNode, availableParallelism());
  note(`unroll train: --workers ${workers}: ${why}`);
  return { ...config, workers };
}
