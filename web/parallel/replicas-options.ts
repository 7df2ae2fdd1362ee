import type { Engine, EngineOptions, AnyTrainerConfig, TrainingData } from '../engine/index.js';
import type { Reader } from '../engine/internal.js';
import { aFunction, aNumber, asGiven, properties, property, refuse } from '../engine/internal.js';
import { anEngine, readAll } from './arguments.js';
import type { ReplicaThread, SpawnReplica } from './thread.js';

export interface ReplicasOptions {
  /** Of this thread, for replica 0. */
  readonly engine: Engine;
  /** For the engines of the other threads; they must come out as the same build. */
  readonly engineOptions?: EngineOptions | undefined;
  /** Without `shard`. */
  readonly config: AnyTrainerConfig;
  readonly data: TrainingData;
  /** How many replicas train together (N), this thread's among them: 2 to 16, and no more than `config.batchSize`. */
  readonly count: number;
  readonly spawn: SpawnReplica;
}

/** What every thread gets alike: a copy of it, as it would get there. */
const aMessage: Reader<object> = (where, value) => {
  const given = properties(value) ?? refuse(where, value, 'an object');
  try {
    return structuredClone(Object.fromEntries(given));
  } catch {
    return refuse(where, value, 'an object that can be sent to another thread');
  }
};

/** The engine looks at it; a model stays here. */
const aConfig: Reader<AnyTrainerConfig> = (where, value) => {
  const { model, ...own } = Object.fromEntries(properties(value) ?? refuse(where, value, 'an object'));
  return { ...aMessage(where, own), model } as AnyTrainerConfig;
};

const FIELDS = {
  engine: anEngine,
  engineOptions: (where: string, value: unknown = {}): EngineOptions => aMessage(where, value),
  config: aConfig,
  data: asGiven as Reader<TrainingData>,
  spawn: aFunction as Reader<SpawnReplica>,
};

/** What there is once they have been read. */
export type OwnOptions = ReplicasOptions & { readonly engineOptions: EngineOptions };

/** All of them, and what measurements with several counts have in common. */
export const readOptions = (who: string, options: unknown): OwnOptions =>
  readAll(who, options, { ...FIELDS, count: aNumber });

export const readSharedOptions = (who: string, options: unknown): Omit<OwnOptions, 'count'> =>
  readAll(who, options, FIELDS);

/** What a spawn of the caller's has made. */
export function aThread(thread: unknown): ReplicaThread {
  for (const name of ['start', 'onDeath', 'terminate']) {
    if (typeof property(thread, name) === 'function') continue;
    refuse('Replicas: what spawn() returned', thread, 'a ReplicaThread, with start, onDeath and terminate');
  }
  return thread as ReplicaThread;
}
