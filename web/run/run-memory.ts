import type { Engine } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { trainerConfig } from './engine-config.js';

/** Bytes that a run takes for its networks, over all of its workers. Throws as `Engine.plan()`. */
export function runMemory(engine: Engine, config: RunConfig, vocabSize: number): number {
  const count = config.workers;
  const ofOne = (index: number): number =>
    engine.plan({ ...trainerConfig(config), vocabSize, shard: { index, count } }).memoryBytes;
  return Array.from({ length: count }, (_, index) => ofOne(index)).reduce((sum, bytes) => sum + bytes, 0);
}
