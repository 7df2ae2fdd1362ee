import { stderr, stdout } from 'node:process';
import { visible, visibleJson, visibleLines } from './visible.js';

/** A part of a line that stands out where there are colours. */
class Styled {
  constructor(
    readonly text: string,
    readonly on: number,
  ) {}
}

/** One line. All of it is shown as characters that can be seen; what stands out does so by its `Styled` parts alone. */
export type Line = string | Styled | readonly (string | Styled)[];

/** Text in grey, on standard output that is a terminal. */
export const faint = (text: string): Styled => new Styled(text, 2);

/** Text in bold, on standard output that is a terminal. */
export const bold = (text: string): Styled => new Styled(text, 1);

/** A line with styled parts: line`${bold('3')} steps`. */
export function line(texts: TemplateStringsArray, ...values: (string | number | Styled)[]): Line {
  return texts.flatMap((text, i) => {
    const value = values[i];
    return value === undefined ? [text] : [text, value instanceof Styled ? value : String(value)];
  });
}

/** A line of results. */
export function print(content: Line): void {
  stdout.write(`${draw(content)}\n`);
}

/** An object of results, as JSON in one line. */
export function printJson(value: object): void {
  print(visibleJson(value));
}

/** Lines that are written together. */
const BLOCK = 500;

/** Any number of lines, with time between for signals, and for the event that nobody reads on. */
export async function printAll(lines: Iterable<Line>): Promise<void> {
  let block: string[] = [];
  for (const content of lines) {
    block.push(`${draw(content)}\n`);
    if (block.length < BLOCK) continue;
    await written(block.join(''));
    block = [];
  }
  await written(block.join(''));
}

/** Text that a model wrote or goes on from: as it is, but for a terminal, which would obey it. */
export function writeText(text: string): Promise<void> {
  return written(stdout.isTTY ? visibleLines(text) : text);
}

/** A line for the person at the terminal, never part of the results. */
export function note(content: string): void {
  stderr.write(`${visible(content)}\n`);
}

/** Draws a line over the one before, on standard error that is a terminal. */
export function drawOver(content: string): void {
  if (stderr.isTTY) stderr.write(`\r${visible(content)}\x1b[K`);
}

/** How many characters a line of the terminal of `drawOver` has. */
export function columns(): number {
  return stderr.columns || 80;
}

function draw(content: Line): string {
  return (Array.isArray(content) ? content : [content]).map(drawPart).join('');
}

function drawPart(part: string | Styled): string {
  if (typeof part === 'string') return visible(part);
  return hasColour() ? `\x1b[${part.on}m${visible(part.text)}\x1b[22m` : visible(part.text);
}

/** Colours are for people at a terminal who did not decline them (no-color.org). */
function hasColour(): boolean {
  return stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** Writes, and lets signals and errors be seen, which come between turns of the event loop only. */
function written(text: string): Promise<void> {
  return new Promise((resolve) => {
    stdout.write(text, () => setImmediate(resolve));
  });
}
