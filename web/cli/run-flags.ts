import { completeConfig, LinkError } from '../links/index.js';
import type { ConfigValues, RunConfig } from '../links/index.js';
import { fieldsOf, knownFields } from '../links/run-config.js';
import type { NamedField } from '../links/run-config.js';
import { ENGINE_FIELDS } from '../links/shared-fields.js';
import { UsageError } from './cli-error.js';
import type { Flag } from './flags.js';

/** For commands that have no run. */
export const FAST_FLAG: Flag = { name: 'fast', value: null, help: ENGINE_FIELDS.fast.help };

/** The values of all tasks' runs as flags: the same names as in a link, but for what is read from elsewhere. */
export const RUN_FLAGS: readonly Flag[] = [...new Map(knownFields().map((field) => [field.name, field])).values()]
  .filter(({ holdsOwn }) => !holdsOwn)
  .map((field) => ({
    name: field.name,
    value: field.placeholder,
    help: `${field.help}${describeDefault(field)}`,
  }));

function describeDefault({ standard, write }: NamedField): string {
  return standard === '' || standard === false ? '' : ` [${write(standard)}]`;
}

/**
 * The run that flags describe, with the values of `others` where there is no flag.
 *
 * @throws UsageError that names every value out of range.
 */
export function configFromFlags(
  flags: ReadonlyMap<string, string>,
  text: RunConfig['text'],
  others: Partial<RunConfig> = {},
): RunConfig {
  const values: ConfigValues = { ...others, text };
  for (const { name, property, placeholder, holdsOwn, parse } of fieldsOf(flags.get('task') ?? others.task)) {
    const written = flags.get(name);
    if (holdsOwn || written === undefined) continue;
    values[property] = placeholder === null ? true : parse(written);
  }
  try {
    return completeConfig(values);
  } catch (error) {
    throw error instanceof LinkError ? new UsageError(`--${error.message}`) : error;
  }
}
