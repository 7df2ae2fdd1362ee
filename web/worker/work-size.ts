import type { RunConfig } from '../links/run-config.js';
import { FLOPS } from '../tasks/task.js';
import type { Task } from '../tasks/task.js';

/** No bundled file is larger. */
const BUNDLED_BYTES = 2e6;

/** A character of one's own text takes at most so many bytes in UTF-8 per unit of a string. */
const BYTES_PER_UNIT = 3;

/** Of what a run learns from, at most; known without loading it. */
export function dataBytes(task: Task, config: RunConfig): number {
  const source = task.source(config);
  return typeof source === 'string' ? BUNDLED_BYTES : BYTES_PER_UNIT * source.own.length;
}

/** What `writeText` does at once: a prompt, and some characters. */
export function writingFlops(promptLength: number, parameters: number): number {
  return FLOPS.forward * parameters * (promptLength + 64);
}
