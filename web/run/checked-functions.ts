import { CELL_NAMES } from '../engine/cells.js';
import { aString, oneOf, refuse } from '../engine/internal.js';
import type { Engine, FullModelConfig, GenerateOptions, Trainer, TrainerConfig } from '../engine/index.js';
import type { LanguageConfig } from '../links/index.js';
import { anEngine } from '../parallel/arguments.js';
import * as drawing from '../tasks/language/engine-config.js';
import * as cost from '../tasks/language/cost.js';
import * as opening from '../tasks/language/opening.js';
import { aRun, ownLanguageConfig } from './arguments.js';
import * as saving from './save-run.js';
import type { Run } from './run.js';

/** The functions of this entry for whoever comes, as `Run`. */

/** A run's values in the engine's words. */
export const trainerConfig = (config: LanguageConfig): TrainerConfig =>
  drawing.trainerConfig(ownLanguageConfig(config));

/** How a run's samples are drawn from a model that knows these characters. */
export const sampleOptions = (config: LanguageConfig, vocabulary: string): GenerateOptions =>
  drawing.sampleOptions(ownLanguageConfig(config), aVocabulary('sampleOptions: vocabulary', vocabulary));

/** A run's name for a cell of the engine. */
export const cellIn = (cell: FullModelConfig['cell']): LanguageConfig['cell'] =>
  drawing.cellIn(oneOf(CELL_NAMES)('cellIn: cell', cell));

/**
 * What a text begins with when nobody says: as if after a line break, or else with the vocabulary's first character.
 *
 * @param vocabulary the characters that the model knows, in the order of its tokens
 */
export const openingFor = (prompt: string, vocabulary: string): string =>
  opening.openingFor(aString('openingFor: prompt', prompt), aVocabulary('openingFor: vocabulary', vocabulary));

/** Bytes that a run takes for its networks, over all of its workers. Throws as `Engine.plan()`. */
export const runMemory = (engine: Engine, config: LanguageConfig, vocabSize: number): number =>
  cost.memoryOf(anEngine('runMemory: engine', engine), ownLanguageConfig(config), vocabSize);

/** The model of a run as it is now: its weights, its step, and how it came to be. */
export function saveRun(run: Run<Trainer>): Uint8Array<ArrayBuffer> {
  aRun('saveRun: run', run);
  return saving.saveRun(run);
}

const aVocabulary = (where: string, value: unknown): string =>
  aString(where, value) === '' ? refuse(where, value, 'a character at least') : (value as string);
