import { setFlagsFromString } from 'node:v8';

import { createEngine, hasRelaxedSimd } from '../build/lib/engine/index.js';

/** The engine of a build, for programs that are about this build: no other takes its place. */
export async function engineOf(build) {
  if (build === 'fast' && !hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20
  const engine = await createEngine({ build });
  if (engine.fallback !== null) throw new Error(engine.fallback.message);
  return engine;
}
