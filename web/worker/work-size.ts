import type { RunConfig } from '../links/run-config.js';
import type { RunActivity } from '../run/run-events.js';

/** Floating-point operations of a training step per parameter and character: two forward, four backward. */
const TRAINING = 6;
const FORWARD = 2;

/** No bundled text is larger. */
const BUNDLED_BYTES = 2e6;

/** A character of one's own text takes at most so many bytes in UTF-8 per unit of a string. */
const BYTES_PER_UNIT = 3;

/** Of the longest piece of work of some kind that is done without looking up. */
export function pieceFlops({ batch, seq, sampleLength }: RunConfig, parameters: number, activity: RunActivity): number {
  return activity === 'sampling' ? FORWARD * parameters * sampleLength : TRAINING * parameters * batch * seq;
}

/** At most; known without loading it. */
export function textBytes({ text }: RunConfig): number {
  return typeof text === 'string' ? BUNDLED_BYTES : BYTES_PER_UNIT * text.own.length;
}

/** What `writeText` does at once: a prompt, and some characters. */
export function writingFlops(promptLength: number, parameters: number): number {
  return FORWARD * parameters * (promptLength + 64);
}
