import type { Speed } from '../../worker/protocol.js';

/** What there is still to do: training steps of batch x seq characters, and evaluations of the held-out text. */
export interface Work {
  readonly steps: number;
  readonly charsPerStep: number;
  readonly evaluations: number;
  readonly evaluationChars: number;
}

/**
 * Evaluations from `step` (not included) to the end: one at each multiple of `evalEvery`, and one at the last step.
 * With `evalEvery` 0 only the last remains.
 */
export function evaluationsLeft(step: number, steps: number, evalEvery: number): number {
  if (step >= steps) return 0;
  if (evalEvery === 0) return 1;
  const multiples = Math.floor(steps / evalEvery) - Math.floor(step / evalEvery);
  return multiples + (steps % evalEvery === 0 ? 0 : 1);
}

/** Seconds that the work takes at this speed. */
export function secondsFor(work: Work, speed: Speed): number {
  return (
    (work.steps * work.charsPerStep) / speed.trainPerSecond +
    (work.evaluations * work.evaluationChars) / speed.evaluationPerSecond
  );
}

interface Mark {
  readonly ms: number;
  readonly chars: number;
}

/** How far back the shown speed looks: long enough to stand still, short enough to follow a busy machine. */
const WINDOW_MS = 2000;

/** The training speed of the last seconds, from running totals of time and characters. */
export class Speedometer {
  #marks: Mark[] = [{ ms: 0, chars: 0 }];

  add(trainedMs: number, trainedUnits: number): void {
    // Another worker has taken over, and counts from 0.
    if (trainedMs < (this.#marks.at(-1) as Mark).ms) this.#marks = [{ ms: 0, chars: 0 }];
    this.#marks.push({ ms: trainedMs, chars: trainedUnits });
    while (this.#marks.length > 2 && trainedMs - (this.#marks[1] as Mark).ms >= WINDOW_MS) this.#marks.shift();
  }

  /** Characters a second, or null before the first step. */
  get charsPerSecond(): number | null {
    const first = this.#marks[0] as Mark;
    const last = this.#marks.at(-1) as Mark;
    return last.ms > first.ms ? ((last.chars - first.chars) / (last.ms - first.ms)) * 1000 : null;
  }
}
