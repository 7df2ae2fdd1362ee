import { describeNumber } from './fields.js';
import type { NumberField } from './fields.js';
import { LinkError } from './link-error.js';
import { plainProperties } from './plain.js';
import type { ConfigKey, NumberKey, RunConfig } from './run-config.js';
import { defaultsOf, fieldsOf } from './run-config.js';
import { show } from './show.js';
import type { TaskName } from './tasks.js';

/** One value that was refused: whose it is, and a sentence to show beside its control. */
export interface ConfigProblem {
  readonly key: ConfigKey;
  readonly message: string;
}

/** Every problem of a configuration, at most one for each key; none means that it is a `RunConfig`. */
export function findProblems(config: unknown): readonly ConfigProblem[] {
  const own = plainProperties(config) ?? {};
  const fields = fieldsOf(own['task']);
  const unknown = Object.keys(own).filter((key) => !fields.some(({ property }) => property === key));
  return [
    ...fields.flatMap(({ property, name, problem }) => {
      const found = problem(own[property]);
      return found === null ? [] : [{ key: property, message: `${name} ${found}` }];
    }),
    ...unknown.map((key) => ({ key: key as ConfigKey, message: `a run has no value called ${show(key)}` })),
  ];
}

/** Values that are not checked yet, for some of a run's keys. */
export type ConfigValues = { [Key in ConfigKey]?: unknown };

/**
 * A whole configuration from the values that differ from the defaults of its task.
 *
 * @throws LinkError `INVALID_CONFIG`, naming every value that is out of range.
 */
export function completeConfig(values: Readonly<ConfigValues>): RunConfig {
  const own = plainProperties(values);
  if (own === null)
    throw new LinkError('INVALID_CONFIG', `a run is ${show(values)}, expected an object with its values`);
  const whole = { ...defaultsOf((own['task'] ?? 'language') as TaskName), ...own };
  const problems = findProblems(whole);
  if (problems.length > 0) throw new LinkError('INVALID_CONFIG', problems.map(({ message }) => message).join('; '));
  // -0 equals 0 but is written differently by some; one run must have one link, so it becomes 0.
  const written = Object.entries(whole).map(([key, value]) => [key, typeof value === 'number' ? value + 0 : value]);
  return Object.fromEntries(written) as RunConfig;
}

/** The range of a language model's number as a sentence, used in refusals and in the command line's help. */
export function describeRange(key: NumberKey): string {
  const field = fieldsOf('language').find(({ property, range }) => range && property === key);
  if (field) return describeNumber(field as typeof field & NumberField);
  throw new LinkError('INVALID_CONFIG', `a run has no number called ${show(key)}`);
}
