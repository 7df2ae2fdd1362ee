import { aNumber, aString, numbers, properties, property, refuse, wholeFrom } from '../engine/internal.js';
import type { Reader } from '../engine/internal.js';
import { UnrollError } from '../engine/index.js';
import type { LanguageConfig, RunConfig } from '../links/index.js';
import { fieldsOf } from '../links/run-config.js';
import type { NamedField } from '../links/run-config.js';
import { anInstance, files, readAll } from '../parallel/arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import { Run } from './run.js';

/** A run's values by their types, as the tables of fields have them. The engine knows the ranges of what is its own. */
function readerOf(field: NamedField): Reader<unknown> {
  if (field.holdsOwn) return aNameOrOwn;
  if (Array.isArray(field.standard)) return numbers(3);
  if (field.range) return field.changes === 'pace' && field.isWhole ? wholeFrom(field.range.min) : aNumber;
  return (where, value) => {
    const problem = field.problem(value);
    if (problem === null) return value;
    throw new UnrollError('INVALID_ARGUMENT', `${where} ${problem}`);
  };
}

const aNameOrOwn: Reader<unknown> = (where, value) =>
  typeof value === 'string' ? value : { own: aString(`${where}.own`, property(value, 'own')) };

/** All of a run's values, as plain data of our own. */
export function ownConfig(config: unknown): RunConfig {
  const given = properties(config);
  const own: unknown = given ? Object.fromEntries(given) : config;
  const readers = fieldsOf(property(own, 'task')).map((field) => [field.property, readerOf(field)] as const);
  return readAll('RunConfig', own, Object.fromEntries(readers)) as RunConfig;
}

/** Those of a language model. */
export function ownLanguageConfig(config: unknown): LanguageConfig {
  const own = ownConfig(config);
  return own.task === 'language' ? own : refuse('RunConfig: task', (own as RunConfig).task, 'language');
}

/** What `advance()` is given. */
export function checkSlice(who: string, maxMs: number, maxSteps: number): void {
  aNumber(`${who}: maxMs`, maxMs);
  aNumber(`${who}: maxSteps`, maxSteps);
}

export const aRun = anInstance(Run, 'a Run', 'config');

const CHECKPOINT_FIELDS = { step: wholeFrom(0), states: files };

export const aCheckpoint: Reader<RunCheckpoint> = (where, value) => readAll(where, value, CHECKPOINT_FIELDS);
