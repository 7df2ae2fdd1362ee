import { readFileSync } from 'node:fs';

import { inRoot } from '../../web/build/paths.mjs';
import { losses } from './losses.mjs';
import { math } from './math.mjs';
import { model } from './model.mjs';
import { nn } from './nn.mjs';
import { numbers } from './numbers.mjs';
import { replicas } from './replicas.mjs';
import { schedules } from './schedules.mjs';
import { states } from './states.mjs';
import { text } from './text.mjs';
import { uses } from './uses.mjs';

/**
 * Seeded bugs: mistakes that somebody could make in the engine, each of which must turn a test red.
 *
 *   what     the mistake, as a sentence
 *   file     where it is made
 *   from     text that stands there exactly once
 *   to       what is put in its place
 *   compile  the source that is compiled anew, when `file` is a header
 */
export const mutants = [
  ...math,
  ...nn,
  ...losses,
  ...schedules,
  ...model,
  ...states,
  ...uses,
  ...text,
  ...replicas,
  ...numbers,
];

/** The text of a mutant's file with the mistake in it. Throws when the place is not found exactly once. */
export function mutated({ what, file, from, to }) {
  const source = readFileSync(inRoot(file), 'utf8');
  const places = source.split(from).length - 1;
  if (places !== 1) throw new Error(`Mutant "${what}": its text stands ${places} times in ${file}, expected once.`);
  return source.replace(from, () => to);
}
