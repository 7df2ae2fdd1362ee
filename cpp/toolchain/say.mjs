/** What a setup step tells a person: to standard error, so that standard output belongs to the command itself. */
export function say(message) {
  process.stderr.write(`${message}\n`);
}

/** A failure that a person can mend: printed as one sentence, without a stack. */
export class SetupError extends Error {}
