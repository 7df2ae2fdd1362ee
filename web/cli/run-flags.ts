import { completeConfig, LinkError, TASK_NAMES } from '../links/index.js';
import type { ConfigValues, RunConfig, TaskName } from '../links/index.js';
import { fieldsOf, knownFields } from '../links/run-config.js';
import type { NamedField } from '../links/run-config.js';
import { ENGINE_FIELDS } from '../links/shared-fields.js';
import { TASK_FIELD } from '../links/tasks.js';
import { UsageError } from './cli-error.js';
import type { Flag } from './flags.js';

/** For commands that have no run. */
export const FAST_FLAG: Flag = { name: 'fast', value: null, help: ENGINE_FIELDS.fast.help };

/** The values of all tasks' runs as flags, by the same names as in a link. */
const FIELDS = knownFields().filter(({ name }, i, all) => all.findIndex((field) => field.name === name) === i);

/** What is learned from. */
export const DATA_FLAGS: readonly Flag[] = FIELDS.filter(({ isData }) => isData).map((field) => flagOf(field));

/** All others. */
export const RUN_FLAGS: readonly Flag[] = FIELDS.filter(({ isData }) => !isData).map((field) => ({
  ...flagOf(field),
  help: `${flagOf(field).help}${describeDefault(field)}`,
}));

function flagOf({ name, placeholder, help }: NamedField): Flag {
  const tasks = TASK_NAMES.filter((task) => fieldsOf(task).some((field) => field.name === name));
  const which = tasks.length === TASK_NAMES.length ? '' : ` (${tasks.join(', ')})`;
  return { name, value: placeholder, help: `${help}${which}` };
}

function describeDefault({ name }: NamedField): string {
  const all = TASK_NAMES.flatMap((task) => {
    const field = fieldsOf(task).find((each) => each.name === name);
    return field === undefined || field.standard === '' || field.standard === false
      ? []
      : [{ task, standard: field.write(field.standard) }];
  });
  const [first, ...others] = all;
  if (first === undefined) return '';
  const differing = others.filter(({ standard }) => standard !== first.standard);
  return ` [${[first.standard, ...differing.map(({ task, standard }) => `${task}: ${standard}`)].join('; ')}]`;
}

/**
 * The task of `--task`, or that of a run which goes on, or that of a run which says none.
 *
 * @throws UsageError when there is no such task
 */
export function taskIn(flags: ReadonlyMap<string, string>, others: Readonly<ConfigValues> = {}): TaskName {
  const task = flags.get('task') ?? others.task ?? TASK_FIELD.standard;
  const problem = TASK_FIELD.problem(task);
  if (problem !== null) throw new UsageError(`--task ${problem}`);
  return task as TaskName;
}

/**
 * The run that flags describe, with the values of `others` where there is no flag.
 *
 * @param data how the run's configuration says what is learned from
 * @throws UsageError that names every value out of range, or a flag of another task
 */
export function configFromFlags(
  flags: ReadonlyMap<string, string>,
  data: string | { readonly own: string },
  others: Readonly<ConfigValues> = {},
): RunConfig {
  const values: Record<string, unknown> = { ...others };
  const own = fieldsOf(taskIn(flags, others));
  for (const { name, property, placeholder, isData, parse } of own) {
    const written = flags.get(name);
    if (isData) values[property] = data;
    else if (written !== undefined) values[property] = placeholder === null ? true : parse(written);
  }
  try {
    const config = completeConfig(values);
    const foreign = FIELDS.find(({ name }) => flags.has(name) && !own.some((field) => field.name === name));
    if (foreign !== undefined) throw new UsageError(`--${foreign.name} is nothing that --task ${config.task} has`);
    return config;
  } catch (error) {
    throw error instanceof LinkError ? new UsageError(`--${error.message}`) : error;
  }
}
