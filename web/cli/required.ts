import { UsageError } from './cli-error.js';

/** The value of a flag that must be there. */
export function required(flags: ReadonlyMap<string, string>, name: string, placeholder: string): string {
  const value = flags.get(name);
  if (value === undefined) throw new UsageError(`--${name} ${placeholder} is missing`);
  return value;
}
