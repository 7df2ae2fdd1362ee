import type { Engine } from '../engine.js';
import { messageOf } from '../errors.js';
import { hasRelaxedSimd } from './relaxed-simd.js';
import { findDifference } from './self-test.js';

/**
 * Why an engine that was asked to be fast is strict. `code` never changes and is for programs; `message` is a sentence
 * for people.
 *
 * - `NO_RELAXED_SIMD`    WebAssembly here lacks the instructions of the fast build
 * - `NOT_LOADED`         the fast module could not be fetched, compiled or started
 * - `SELF_TEST_FAILED`   it computes something else than the strict build, beyond what rounding explains
 */
export interface BuildFallback {
  readonly code: 'NO_RELAXED_SIMD' | 'NOT_LOADED' | 'SELF_TEST_FAILED';
  readonly message: string;
}

/** The fast engine if it can be had here and computes what the strict one computes; otherwise that one, with the reason. */
export async function fastUnlessWorse(strict: Promise<Engine>, loadFast: () => Promise<Engine>): Promise<Engine> {
  if (!hasRelaxedSimd()) {
    const nodes = 'Chrome 114, Node 21 or newer; Node 20 with --experimental-wasm-relaxed-simd';
    return fallBack(await strict, 'NO_RELAXED_SIMD', `WebAssembly here has no relaxed SIMD (${nodes})`);
  }
  // Both at once. Without the strict one there is no engine, whatever became of the other.
  const [safe, quick] = await Promise.allSettled([strict, loadFast()]);
  if (safe.status === 'rejected') throw safe.reason;
  if (quick.status === 'rejected') {
    return fallBack(safe.value, 'NOT_LOADED', `the fast module is not there: ${messageOf(quick.reason)}`);
  }
  const objection = await test(quick.value, safe.value);
  if (objection === null) return quick.value;
  const why = `the fast module fails its self-test in this WebAssembly: ${objection}`;
  return fallBack(safe.value, 'SELF_TEST_FAILED', why);
}

/** A module that breaks down in the test has not passed it either. */
async function test(fast: Engine, strict: Engine): Promise<string | null> {
  try {
    return await findDifference(fast, strict);
  } catch (error) {
    return messageOf(error);
  }
}

function fallBack(strict: Engine, code: BuildFallback['code'], why: string): Engine {
  return strict.insteadOfFast({ code, message: `${why}, so the strict build is used` });
}
