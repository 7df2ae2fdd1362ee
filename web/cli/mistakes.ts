import { note } from './terminal.js';

/** A mistake of ours, with where it was made: a line each, in which nothing else can pretend to be one. */
export function noteMistake(who: string, error: unknown): void {
  const stack = error instanceof Error ? error.stack : undefined;
  for (const part of `${who}: an error of our own: ${stack ?? String(error)}`.split('\n')) note(part);
}

/**
 * What nobody catches would be shown by Node as it is, and may speak of what was read from outside. A training saves its
 * model before it says so itself.
 */
export function watchMistakes(): void {
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    noteMistake('unroll', error);
    process.exit(1);
  });
}
