import { stderr, stdout } from 'node:process';
import { codeOf, reasonOf } from './files.js';
import { note } from './terminal.js';

/** The exit code when something else than its reader stopped an output. */
const FAILED = 1;

let worthGoingOn = false;

/**
 * What becomes of the program when an output cannot be written.
 *
 * `| head` closes standard output while we write. That is nobody's mistake; there is just nobody left to write for, so
 * the program ends, with 0. Anything else, as a disk that is full, is said and ends it with 1. Unless there is something
 * else to be done (see `goOnWithoutReaders`): then it is done first. Standard error is for remarks: nothing ends because
 * they are not read, and the exit code is 1 if it was not for want of a reader.
 */
export function watchReaders(): void {
  stdout.on('error', (error) => {
    const gone = codeOf(error) === 'EPIPE';
    if (!gone) tellOnce(error);
    if (!worthGoingOn) process.exit(gone ? 0 : FAILED);
  });
  stderr.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') process.exitCode ||= FAILED;
  });
}

/** From now on there is more to do than to print: a model will be saved. */
export function goOnWithoutReaders(): void {
  worthGoingOn = true;
}

let told = false;

function tellOnce(error: Error): void {
  process.exitCode ||= FAILED;
  if (told) return;
  told = true;
  note(`unroll: standard output cannot be written: ${reasonOf(error)}`);
}
