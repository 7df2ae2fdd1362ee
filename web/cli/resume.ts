import { existsSync } from 'node:fs';
import { createEngine, UnrollError } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import type { LanguageConfig, RunConfig } from '../links/index.js';
import { fieldsOf } from '../links/run-config.js';
import type { NamedField } from '../links/run-config.js';
import { readRunFile, trainerConfig } from '../run/index.js';
import type { SavedRun, Start } from '../run/index.js';
import { CliError, UsageError } from './cli-error.js';
import type { Source } from './data.js';
import { readBytes } from './files.js';
import { configFromFlags } from './run-flags.js';
import { AUTO } from './workers.js';
import { parseNote } from './session-note.js';
import type { SessionNote } from './session-note.js';
import { bestPath, isStatePath, modelPath, statePath } from './state-path.js';

/** The weights of the largest model, its moments and its carried states, for each of several workers. */
const MAX_STATE_BYTES = 2 ** 31 - 1;

/** A training that was interrupted, or has ended, and goes on. */
export interface Resumed {
  /** As the flag says it. */
  readonly path: string;
  readonly saved: SavedRun;
  readonly note: SessionNote;
  /** Where its model is saved, and the best one, unless flags say otherwise; null where the file does not tell. */
  readonly model: string | null;
  readonly best: string | null;
  /** What is changed on the way. */
  readonly adjust: Partial<Pick<RunConfig, 'learningRate' | 'clipNorm'>>;
}

/**
 * The training of `--resume`, which names a model or the state beside it.
 *
 * @throws CliError
 */
export async function readResumed(path: string): Promise<Resumed> {
  const state = isStatePath(path) || !existsSync(statePath(path)) ? path : statePath(path);
  const bytes = await readBytes('--resume', state, MAX_STATE_BYTES);
  const saved = parse(await createEngine(), path, bytes);
  const note = parseNote(saved.note) ?? refuse(path, 'its note cannot be read; the file is damaged');
  return {
    path,
    saved,
    note,
    model: modelPath(state, note.model),
    best: note.bestModel === null ? null : bestPath(state, note.bestModel),
    adjust: {},
  };
}

function parse(engine: Engine, path: string, bytes: Uint8Array): SavedRun {
  try {
    return readRunFile(engine, bytes);
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    const beside = isStatePath(path) ? '' : ` (and there is no ${statePath(path)} beside it)`;
    return refuse(path, `${error.message}${beside}`);
  }
}

/** Another one of these is another training. */
const sameOf = ({ task }: Pick<RunConfig, 'task'>) =>
  fieldsOf(task).filter(({ changes, isData }) => changes === 'training' && !isData);

/**
 * What a training is from now on: as it was, but for what flags change.
 *
 * @throws CliError that names what would make another training of it, UsageError
 */
export function resumedConfig(
  resumed: Resumed,
  flags: ReadonlyMap<string, string>,
  data: Source['value'],
): { readonly resumed: Resumed; readonly config: RunConfig } {
  const { path, saved, note } = resumed;
  const own = new Map(flags);
  // As many as there are, whatever would be chosen here.
  if (own.get('workers') === AUTO) own.delete('workers');
  const config = configFromFlags(own, data, { ...saved.values, steps: note.steps });
  for (const field of sameOf(config)) expectSame(path, field, saved.values, config);
  if (config.steps < saved.checkpoint.step) {
    throw new UsageError(
      `--steps is ${config.steps}, but --resume ${path} is at step ${saved.checkpoint.step} already`,
    );
  }
  const adjust = {
    ...(own.has('lr') ? { learningRate: config.learningRate } : {}),
    ...(own.has('clip') ? { clipNorm: config.clipNorm } : {}),
  };
  return { resumed: { ...resumed, adjust }, config };
}

/** @throws CliError unless the training is that of a link. */
export function expectRunOfLink({ path, saved, note }: Resumed, config: RunConfig): void {
  if (saved.vocabulary !== null || note.isAdjusted) refuse(path, 'its training is none that a link describes');
  const there = { ...saved.values, steps: note.steps };
  const paced = fieldsOf(config.task).filter(({ property }) =>
    ['steps', 'learningRate', 'clipNorm'].includes(property),
  );
  for (const field of [...sameOf(config), ...paced]) expectSame(path, field, there, config);
}

function expectSame(path: string, { property, name, write }: NamedField, there: object, here: object): void {
  const [before, now] = [there, here].map((values) => write((values as Record<string, unknown>)[property]));
  if (before === now) return;
  refuse(path, `its ${name} is ${before}; with ${now} it would be another training, to be started anew`);
}

/** A model with the same tokens, for a training that had started from a model; its weights come from the checkpoint. */
export function startAgain({ vocabulary }: SavedRun, config: RunConfig): ((engine: Engine) => Required<Start>) | null {
  if (vocabulary === null) return null;
  const { cell, hiddenSize, numLayers, embeddingDim } = trainerConfig(config as LanguageConfig);
  return (engine) => ({
    model: engine.createLanguageModel({ cell, hiddenSize, numLayers, embeddingDim, vocabulary }),
    growVocabulary: false,
  });
}

function refuse(path: string, why: string): never {
  throw new CliError(`--resume ${path}: ${why}`);
}
