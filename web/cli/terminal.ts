import { stderr, stdout } from 'node:process';

/** Colours are for people at a terminal who did not decline them (no-color.org). */
function hasColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** Text in grey, on standard output that is a terminal. */
export function faint(text: string): string {
  return hasColour(stdout) ? `\x1b[2m${text}\x1b[22m` : text;
}

/** Text in bold, on standard output that is a terminal. */
export function bold(text: string): string {
  return hasColour(stdout) ? `\x1b[1m${text}\x1b[22m` : text;
}

/** A line of results. */
export function print(line: string): void {
  stdout.write(`${line}\n`);
}

/** A line for the person at the terminal, never part of the results. */
export function note(line: string): void {
  stderr.write(`${line}\n`);
}

let worthGoingOn = false;

/**
 * `| head` closes our output while we write. That is nobody's mistake; there is just nobody left to write for, so the
 * program ends. Unless there is something else to be done: see `goOnWithoutReaders`.
 */
export function endQuietlyWithoutReaders(): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!worthGoingOn) process.exit(0);
  });
}

/** From now on there is more to do than to print: a model will be saved. */
export function goOnWithoutReaders(): void {
  worthGoingOn = true;
}
