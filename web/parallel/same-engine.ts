import type { Engine, EngineOptions } from '../engine/index.js';
import { anEngine } from './arguments.js';

/** What makes an engine of the same build in another thread, where the modules lie beside the library. */
export function sameEngine(engine: Engine): EngineOptions {
  return { build: anEngine('sameEngine: engine', engine).buildInfo().build === 'fast' ? 'fast' : 'strict' };
}
