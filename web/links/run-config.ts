import type { Field, NumberField, NumberKeyOf, Range, Values } from './fields.js';
import { LinkError } from './link-error.js';
import type { SharedFields } from './shared-fields.js';
import { TASK_FIELD, TASK_FIELDS } from './tasks.js';
import type { TaskName } from './tasks.js';

export { CELLS, OPTIMIZERS } from './shared-fields.js';
export type { Cell, Optimizer } from './shared-fields.js';
export type { Split } from './fields.js';
export { MAX_PROMPT_LENGTH } from './tasks.js';

/** The values that the runs of all tasks have. */
export type SharedConfig = { readonly task: TaskName } & Values<SharedFields>;

/**
 * A run of a task: everything that decides, bit for bit unless it is `fast`, what is trained and what comes of it. A link,
 * the command line and the page all describe a run by these words.
 */
export type ConfigOf<Name extends TaskName> = { readonly task: Name } & Values<(typeof TASK_FIELDS)[Name]>;

/** A run of any task, told apart by `task`. */
export type RunConfig = { [Name in TaskName]: ConfigOf<Name> }[TaskName];

/** A run of a language model. */
export type LanguageConfig = ConfigOf<'language'>;

/** Names of values that runs have, whatever their task. */
export type ConfigKey = RunConfig extends infer Config
  ? Config extends Config
    ? keyof Config & string
    : never
  : never;

/** A field with its names: the property's, and that in links and, behind two dashes, on the command line. */
export type NamedField = Field &
  Partial<Pick<NumberField, 'range' | 'isWhole'>> & { readonly property: ConfigKey; readonly name: string };

const named = new Map(Object.entries(TASK_FIELDS).map(([task, table]) => [task, withNames(table)]));

function withNames(table: object): readonly NamedField[] {
  const all = Object.entries({ task: TASK_FIELD, ...table }) as [ConfigKey, Field][];
  return all.map(([property, field]) => ({ ...field, property, name: field.word ?? hyphenated(property) }));
}

/** The fields of a task's runs, in the order in which one thinks of them; of what is no task those of a language model. */
export function fieldsOf(task: unknown): readonly NamedField[] {
  return named.get(task as string) ?? named.get('language')!;
}

/** The one that says what its runs learn from. */
export function dataFieldOf(task: unknown): NamedField {
  return fieldsOf(task).find(({ isData }) => isData)!;
}

/** The data of a run: the word of what is bundled, or data of the reader's own. */
export const dataOf = (config: RunConfig): string | { readonly own: string } =>
  (config as unknown as Record<string, string | { readonly own: string }>)[dataFieldOf(config.task).property]!;

/** `evalEvery` is `eval-every`. */
function hyphenated(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Those of all tasks, those of a language model first. */
export const knownFields = (): readonly NamedField[] => [...named.values()].flat();

/** The keys of a link that are not values of the run: version, seal, text of one's own, claim, and what the page shows. */
const RESERVED_KEYS: ReadonlySet<string> = new Set(['v', 'k', 't', 'e', 'show']);

/** Whether a link's key has a meaning in this version. */
export function isKnownKey(key: string): boolean {
  return RESERVED_KEYS.has(key) || knownFields().some(({ name }) => name === key);
}

/**
 * What a run of a task is where nothing is said.
 *
 * @throws LinkError `INVALID_CONFIG` when there is no such task
 */
export function defaultsOf<Name extends TaskName>(task: Name): ConfigOf<Name> {
  const problem = TASK_FIELD.problem(task);
  if (problem !== null) throw new LinkError('INVALID_CONFIG', `task ${problem}`);
  const values = fieldsOf(task).map(({ property, standard }) => [property, standard]);
  return Object.freeze({ ...Object.fromEntries(values), task }) as ConfigOf<Name>;
}

/** A run of a language model that nobody has changed: what a link means where it says nothing. */
export const DEFAULTS: LanguageConfig = defaultsOf('language');

/** The names of a language model's numbers. */
export type NumberKey = NumberKeyOf<(typeof TASK_FIELDS)['language']>;

/** Their ranges, ends included. */
export const LIMITS = Object.freeze(
  Object.fromEntries(fieldsOf('language').flatMap(({ property, range }) => (range ? [[property, range]] : []))),
) as Readonly<Record<NumberKey, Range>>;
