import type { ModelConfig } from './config.js';
import { UnrollError } from './errors.js';

/** What a model file says of itself beside its weights. */
export interface ModelFileInfo {
  /** Steps of training behind it. */
  readonly step?: number;
  /** The engine's generation that made it. */
  readonly generation?: number;
  /** How it was trained, in the caller's words. */
  readonly run?: string;
}

/** Our keys in the file's `__metadata__`. */
const KEYS = {
  config: 'unroll.config',
  vocabulary: 'unroll.vocabulary',
  run: 'unroll.run',
  step: 'unroll.step',
  seed: 'unroll.seed',
  generation: 'unroll.generation',
} as const;

/** Names that other programs give to the same parameters. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['fc.', 'head.'],
  ['emb.', 'embedding.'],
];

/** @internal The `__metadata__` of a model's file. */
export function describeModel(config: ModelConfig, vocabulary: string, info: ModelFileInfo): [string, string][] {
  return [
    ['format', 'pt'],
    [KEYS.config, JSON.stringify(config)],
    [KEYS.generation, String(info.generation ?? '')],
    ...(info.run === undefined ? [] : ([[KEYS.run, info.run]] satisfies [string, string][])),
    [KEYS.seed, String(config.seed ?? '')],
    [KEYS.step, String(info.step ?? 0)],
    [KEYS.vocabulary, JSON.stringify([...vocabulary])],
  ];
}

/** @internal The configuration and vocabulary that a file names. Everything in it is checked again by the engine. */
export function readDescription(metadata: ReadonlyMap<string, string>): { config: ModelConfig; vocabulary: string[] } {
  const config = parse(metadata, KEYS.config);
  const vocabulary = parse(metadata, KEYS.vocabulary);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw damaged(`${KEYS.config} is not an object`);
  }
  const isList =
    Array.isArray(vocabulary) && vocabulary.every((entry) => typeof entry === 'string' && [...entry].length === 1);
  if (!isList) throw damaged(`${KEYS.vocabulary} is not a list of characters`);
  return { config: config as ModelConfig, vocabulary: vocabulary as string[] };
}

/** @internal */
export function canonicalName(name: string): string {
  for (const [theirs, ours] of ALIASES) {
    if (name.startsWith(theirs)) return ours + name.slice(theirs.length);
  }
  return name;
}

function parse(metadata: ReadonlyMap<string, string>, key: string): unknown {
  const value = metadata.get(key);
  if (value === undefined) {
    throw new UnrollError(
      'FILE_INVALID',
      `model file: it has no "${key}" in its metadata, so it was not saved by Unroll; name its characters to load it anyway`,
    );
  }
  try {
    return JSON.parse(value);
  } catch {
    throw damaged(`${key} is not JSON`);
  }
}

function damaged(what: string): UnrollError {
  return new UnrollError('FILE_INVALID', `model file: ${what}; the file is damaged`);
}
