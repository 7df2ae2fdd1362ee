import { constants } from 'node:os';

/**
 * All that end a process which does not look after them: a key, a terminal that closes, `docker stop` and `timeout`, a
 * batch system before its time is up. Not SIGPROF, which belongs to profilers, and not SIGPIPE and SIGXFSZ, which Node
 * turns into errors of the write.
 */
const SIGNALS: readonly NodeJS.Signals[] = (
  [
    ...['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK', 'SIGABRT', 'SIGUSR1', 'SIGUSR2'],
    ...['SIGXCPU', 'SIGALRM', 'SIGVTALRM', 'SIGIO', 'SIGPWR', 'SIGSTKFLT'],
  ] as NodeJS.Signals[]
).filter((signal) => signal in constants.signals);

/** Those that may come at any time, and end a process that is not in training. */
const COMMON_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Whatever asks a training to end before its time, so that it can end in good order: a signal, or an error that nobody has
 * caught. What comes a second time ends the process as usual.
 */
export class Interruptions {
  /** The first signal. */
  signal: NodeJS.Signals | null = null;
  /** The first error. */
  failure: { readonly error: unknown } | null = null;

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.signal ??= signal;
    process.off(signal, this.onSignal);
  };

  private readonly onError = (error: unknown): void => {
    this.failure ??= { error };
    process.off('uncaughtException', this.onError);
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
    // A promise that nobody waits for comes here as well.
    process.on('uncaughtException', this.onError);
  }

  get requested(): boolean {
    return this.signal !== null || this.failure !== null;
  }

  stop(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    process.off('uncaughtException', this.onError);
  }
}

/** What a shell says of a process that a signal has ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Lets a signal that would end the process wait until something is done that must not be left half done. */
export async function uninterrupted(action: () => Promise<void>): Promise<void> {
  let waiting: NodeJS.Signals | null = null;
  const wait = (signal: NodeJS.Signals) => {
    // First in its line, so that it sees whether somebody else takes care of the signal.
    if (process.listenerCount(signal) === 1) waiting = signal;
  };
  for (const signal of COMMON_SIGNALS) process.prependListener(signal, wait);
  try {
    await action();
  } finally {
    for (const signal of COMMON_SIGNALS) process.off(signal, wait);
    if (waiting !== null) process.kill(process.pid, waiting);
  }
}
