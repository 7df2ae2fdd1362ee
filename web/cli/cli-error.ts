/** A command line that cannot be understood. Ends with exit code 2 and a hint at the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside that is not as it must be: a file, a result. Ends with exit code 1 and the sentence. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
