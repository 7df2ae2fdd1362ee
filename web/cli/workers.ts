import { availableParallelism } from 'node:os';
import { decodeUtf8, prepareText } from '../engine/index.js';
import { LIMITS } from '../links/index.js';
import type { RunConfig } from '../links/index.js';
import { chooseWorkers, sameEngine } from '../parallel/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { trainerConfig } from '../run/index.js';
import { loadEngine } from './load-engine.js';
import { configFromFlags } from './run-flags.js';
import { note } from './terminal.js';
import type { NamedText } from './texts.js';

/** The run that flags describe; `--workers auto` measures, chooses, and tells why. */
export async function configWithWorkers(flags: ReadonlyMap<string, string>, text: NamedText): Promise<RunConfig> {
  if (flags.get('workers') !== 'auto') return configFromFlags(flags, text.source);
  const others = new Map(flags);
  others.delete('workers');
  const config = configFromFlags(others, text.source);
  const engine = await loadEngine(config.fast);
  const own = trainerConfig(config);
  const vocabSize = new Set(decodeUtf8(prepareText(text.text))).size;
  const { flopsPerChar } = engine.plan({ ...own, vocabSize });
  const { workers, why } = await chooseWorkers(
    { engine, config: own, text: text.text, spawn: spawnInNode, engineOptions: sameEngine(engine) },
    {
      cores: availableParallelism(),
      stepFlops: flopsPerChar * config.batch * config.seq,
      limit: LIMITS.workers.max,
    },
  );
  note(`unroll train: --workers ${workers}: ${why}`);
  return { ...config, workers };
}
