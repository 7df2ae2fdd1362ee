import type { TaskName } from '../links/index.js';
import { classifyReport } from './classify/report.js';
import { languageReport } from './language/report.js';
import type { TaskReport } from './report.js';

/** How the command line tells of each task. */
const REPORTS: Readonly<Record<TaskName, TaskReport>> = {
  language: languageReport as TaskReport,
  classify: classifyReport as TaskReport,
};

export const reportOf = (task: TaskName): TaskReport => REPORTS[task];
