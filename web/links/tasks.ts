import { CLASSIFY_FIELDS } from '../tasks/classify/fields.js';
import { LANGUAGE_FIELDS } from '../tasks/language/fields.js';
import { choice } from './fields.js';
import type { SharedFields } from './shared-fields.js';

export { LANGUAGE_FIELDS, MAX_PROMPT_LENGTH } from '../tasks/language/fields.js';

/** What the runs of each task are described by: the one place of links that knows which tasks there are. */
export const TASK_FIELDS = {
  language: LANGUAGE_FIELDS,
  classify: CLASSIFY_FIELDS,
} satisfies Readonly<Record<string, SharedFields>>;

export type TaskName = keyof typeof TASK_FIELDS;

export const TASK_NAMES = Object.keys(TASK_FIELDS) as TaskName[];

/** What a run trains. A link that does not say is one of a language model. */
export const TASK_FIELD = choice(TASK_NAMES, 'language', { help: 'what is trained' });
