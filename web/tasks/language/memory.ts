import type { Engine } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import { trainerConfig } from './engine-config.js';

/** Bytes that a run takes for its networks, over all of its workers. Throws as `Engine.plan()`. */
export function memoryOf(engine: Engine, config: LanguageConfig, vocabSize: number): number {
  const count = config.workers;
  let sum = 0;
  // The first plan refuses more workers than there can be.
  for (let index = 0; index < count; index++) {
    sum += engine.plan({ ...trainerConfig(config), vocabSize, shard: { index, count } }).memoryBytes;
  }
  return sum;
}
