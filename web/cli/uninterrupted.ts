const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lets a signal that would end the process wait until something is done that must not be left half done. */
export async function uninterrupted(action: () => Promise<void>): Promise<void> {
  let waiting: NodeJS.Signals | null = null;
  const wait = (signal: NodeJS.Signals) => {
    // First in its line, so that it sees whether somebody else takes care of the signal.
    if (process.listenerCount(signal) === 1) waiting = signal;
  };
  for (const signal of SIGNALS) process.prependListener(signal, wait);
  try {
    await action();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
    if (waiting !== null) process.kill(process.pid, waiting);
  }
}
