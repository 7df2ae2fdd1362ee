import type { TaskName } from '../links/index.js';
import { languageTask } from './language/task.js';
import type { Task } from './task.js';

/** All tasks. A language model is there at once; what another one needs is loaded when it is asked for. */
const TASKS: Readonly<Record<TaskName, () => Task | Promise<Task>>> = {
  language: () => languageTask as unknown as Task,
  classify: async () => (await import('./classify/task.js')).classifyTask as unknown as Task,
};

/** What the runs of that name train. */
export async function loadTask(name: TaskName): Promise<Task> {
  return TASKS[name]();
}
