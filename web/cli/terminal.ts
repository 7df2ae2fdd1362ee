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

/** `| head` closes our output while we write. That is no mistake of anyone's; there is just nobody left to write for. */
export function endQuietlyWhenNobodyReads(): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
