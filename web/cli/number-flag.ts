import { parseNumber } from '../links/fields.js';
import { show } from '../links/show.js';
import { UsageError } from './cli-error.js';

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/**
 * A flag's number, or the default when it is not there.
 *
 * @throws UsageError that names the range.
 */
export function numberFlag(
  flags: ReadonlyMap<string, string>,
  name: string,
  standard: number,
  { min, max, whole = false }: Range,
): number {
  const written = flags.get(name);
  if (written === undefined) return standard;
  const value = parseNumber(written);
  const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (fits) return value;
  throw new UsageError(
    `--${name} is ${show(written)}, expected a ${whole ? 'whole number' : 'number'} from ${min} to ${max}`,
  );
}
