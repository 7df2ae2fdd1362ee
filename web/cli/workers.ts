import { availableParallelism } from 'node:os';
import { createEngine, decodeUtf8, prepareText } from '../engine/index.js';
import { LIMITS } from '../links/index.js';
import type { RunConfig } from '../links/index.js';
import { chooseWorkers } from '../parallel/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { trainerConfig } from '../run/index.js';
import { configFromFlags } from './run-flags.js';
import { note } from './terminal.js';
import type { NamedText } from './texts.js';

/** The run that flags describe; `--workers auto` measures, chooses, and tells why. */
export async function configWithWorkers(flags: ReadonlyMap<string, string>, text: NamedText): Promise<RunConfig> {
  if (flags.get('workers') !== 'auto') return configFromFlags(flags, text.source);
  const others = new Map(flags);
  others.delete('workers');
  const config = configFromFlags(others, text.source);
  const engine = await createEngine();
  const own = trainerConfig(config);
  const vocabSize = new Set(decodeUtf8(prepareText(text.text))).size;
  const { flopsPerChar } = engine.plan({ ...own, vocabSize });
  const { workers, why } = await chooseWorkers(
    { engine, config: own, text: text.text, spawn: spawnInNode },
    {
      cores: availableParallelism(),
      stepFlops: flopsPerChar * config.batch * config.seq,
      limit: LIMITS.workers.max,
    },
  );
  note(`unroll train: --workers ${workers}: ${why}`);
  return { ...config, workers };
}
