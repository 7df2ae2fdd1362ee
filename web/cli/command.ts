import type { Flag, ParsedFlags } from './flags.js';

/** One word of `unroll <word>`. */
export interface Command {
  readonly name: string;
  /** The usage line behind the name. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** Further lines of help. */
  readonly notes: readonly string[];
  /** Whether something without dashes is expected, and what it is called. */
  readonly positional: string | null;
  /** Whether there may be several of these. */
  readonly takesMany?: true;
  /** Resolves to the exit code. */
  run(parsed: ParsedFlags): Promise<number>;
}
