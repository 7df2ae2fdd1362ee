import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLines, MAIN, outcomeOf, temporaryFile, unroll } from './cli.js';
import type { Outcome } from './cli.js';

export const SONG =
  'Row, row, row your boat,\ngently down the stream.\nMerrily, merrily, merrily, merrily,\nlife is but a dream.\n'.repeat(
    20,
  );

/** Two layers and dropout: whatever a state could forget is there. */
const SMALL = { hidden: 9, layers: 2, dropout: 0.2, batch: 5, seq: 8, 'eval-every': 10, 'sample-every': 0 };

export type Changes = Readonly<Record<string, number | string>>;

/** `unroll train` with the flags of a small run, some of them changed, on a text of its own. */
export class SmallTraining {
  readonly text = temporaryFile('song.txt', SONG);
  readonly out = this.path('model.safetensors');
  readonly state = this.path('model.state.safetensors');

  path(name: string): string {
    return join(this.text, '..', name);
  }

  args(changes: Changes = {}): string[] {
    return ['train', '--text', this.text, '--json', ...flags({ ...SMALL, ...changes })];
  }

  /** To its end. */
  run(changes: Changes = {}): Promise<Outcome> {
    return unroll(...this.args(changes));
  }

  /** Goes on, with nothing but these flags. */
  resume(changes: Changes = {}): Promise<Outcome> {
    return unroll('train', '--text', this.text, '--json', '--resume', this.out, ...flags(changes));
  }

  /** One that goes on until it is told not to. */
  endless(changes: Changes = {}, node: readonly string[] = []): ChildProcessWithoutNullStreams {
    const args = [...node, MAIN, ...this.args({ steps: 1_000_000, out: this.out, ...changes })];
    return spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  }
}

export function flags(values: Changes): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Sends a signal as soon as there are so many lines on standard output. */
export function endAfter(
  lines: number,
  child: ChildProcessWithoutNullStreams,
  signal: NodeJS.Signals,
): Promise<Outcome> {
  let seen = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    const before = seen;
    seen += bytes.toString().split('\n').length - 1;
    if (before < lines && seen >= lines) child.kill(signal);
  });
  return outcomeOf(child);
}

/** The last line of `--json`. */
export function resultOf(outcome: Outcome): Record<string, unknown> {
  return jsonLines(outcome).at(-1)!;
}

/** What a safetensors file says of itself. */
export function metadataOf(path: string): Readonly<Record<string, string>> {
  const bytes = readFileSync(path);
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString();
  return (JSON.parse(header) as { __metadata__: Record<string, string> }).__metadata__;
}

export const stepOf = (model: string): number => Number(metadataOf(model)['unroll.step']);
