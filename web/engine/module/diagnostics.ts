import { oneOf, wholeFrom } from '../arguments/fields.js';
import type { Engine } from '../engine.js';

/** The codes of the engine's own errors, for the test that this package knows them all. */
export function errorCodes(engine: Engine): readonly string[] {
  const { boundary } = engine;
  return boundary.ask(() => boundary.module.errorCodes());
}

/**
 * Yardsticks for benchmarks: works so many times and returns the floating-point operations done. `chain` is nothing but
 * arithmetic in registers, `kernel` the matrix product's inner loop on data in the nearest cache.
 */
export function runYardstick(engine: Engine, kind: 'chain' | 'kernel', repetitions: number): number {
  const { boundary } = engine;
  const which = oneOf(['chain', 'kernel'])('runYardstick: kind', kind);
  const count = wholeFrom(1)('runYardstick: repetitions', repetitions);
  return boundary.ask(() =>
    which === 'chain' ? boundary.module.runMultiplyAddChain(count) : boundary.module.runProductKernel(count),
  );
}
