import { setFlagsFromString } from 'node:v8';
import { createEngine, hasRelaxedSimd } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { note } from './terminal.js';

/** The engine of a command; with `--fast`, a line on standard error says which build it has become. */
export async function loadEngine(fast: boolean): Promise<Engine> {
  if (!fast) return createEngine();
  // Node 20 knows relaxed SIMD but wants to be asked; this program is the host, so it may.
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const engine = await createEngine({ build: 'fast' });
  note(
    `unroll: ${engine.fallback?.message ?? 'the fast build, which agrees with the strict one but for its last bits'}`,
  );
  return engine;
}
