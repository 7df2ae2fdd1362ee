import { basename, dirname } from 'node:path';
import type { TrainingData } from '../engine/index.js';
import { dataFieldOf, dataOf } from '../links/run-config.js';
import type { RunConfig } from '../links/run-config.js';
import type { TaskName } from '../links/tasks.js';
import { loadTask } from '../tasks/tasks.js';
import { UsageError } from './cli-error.js';
import { note } from './terminal.js';
import { readBundled, readTextFile } from './texts.js';

/** Where a run's data are from. */
export interface Source {
  /** How its configuration says it. */
  readonly value: ReturnType<typeof dataOf>;
  /** What to call them in front of people. */
  readonly name: string;
  /** Where they lie; of what is bundled, where the program was started. */
  readonly folder: string;
}

/** What flags say that a task's run learns from: the word of what is bundled or, where a task takes it, a file. */
export async function sourceFromFlags(task: TaskName, flags: ReadonlyMap<string, string>): Promise<Source | null> {
  const { name, holdsOwn, problem } = dataFieldOf(task);
  const given = flags.get(name);
  if (given === undefined) return null;
  const found = problem(given);
  if (found === null) return { value: given, name: given, folder: '.' };
  if (!holdsOwn) throw new UsageError(`--${name} ${found}`);
  return { value: { own: await readTextFile(`--${name}`, given) }, name: basename(given), folder: dirname(given) };
}

/** The same, of those who have to say it. */
export async function requiredSource(task: TaskName, flags: ReadonlyMap<string, string>): Promise<Source> {
  const { name, placeholder } = dataFieldOf(task);
  const source = await sourceFromFlags(task, flags);
  if (source === null) throw new UsageError(`--${name} ${placeholder} is missing`);
  return source;
}

/** What a run names or brings along. */
export function sourceOf(value: Source['value']): Source {
  return { value, name: typeof value === 'string' ? value : 'its own text', folder: '.' };
}

/** What a run learns from; what people should know about it is said. */
export async function loadData(command: string, config: RunConfig): Promise<TrainingData> {
  const task = await loadTask(config.task);
  const { data, notes } = await task.load(config, readBundled);
  for (const line of notes) note(`unroll ${command}: ${line}`);
  return data;
}
