import { availableParallelism } from 'node:os';
import { PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { chooseRunWorkers } from '../run/index.js';
import { loadEngine } from './load-engine.js';
import { configFromFlags } from './run-flags.js';
import { note } from './terminal.js';
import type { NamedText } from './texts.js';

/** The run that flags describe; `--workers auto` measures, chooses, and tells why. */
export async function configWithWorkers(
  flags: ReadonlyMap<string, string>,
  text: NamedText,
  values: Partial<RunConfig> = {},
): Promise<RunConfig> {
  if (flags.get('workers') !== 'auto') return configFromFlags(flags, text.source, values);
  const others = new Map(flags);
  others.delete('workers');
  const config = configFromFlags(others, text.source, values);
  const engine = await loadEngine(config.fast);
  const { workers, why } = await chooseRunWorkers(
    engine,
    config,
    new PreparedText(text.text),
    spawnInNode,
    availableParallelism(),
  );
  note(`unroll train: --workers ${workers}: ${why}`);
  return { ...config, workers };
}
