import type { BuildInfo, ClippingConfig, EngineOptions, AnyTrainerConfig } from '../engine/index.js';
import type { DataMessage } from '../engine/internal.js';

/** The first and only message to a replica's thread; all others go through its ports. */
export interface StartMessage {
  /** With `shard`, without `model`. */
  readonly config: AnyTrainerConfig;
  /** The file of the model to start from, or null. */
  readonly model: Uint8Array<ArrayBuffer> | null;
  readonly data: DataMessage;
  readonly engineOptions: EngineOptions;
  /** Requests come from here, and answers go back. */
  readonly control: MessagePort;
  /** To the other replicas, by their index; null in the replica's own place. */
  readonly peers: readonly (MessagePort | null)[];
}

/** What replica 0 asks the others for. */
export type Requests = {
  /** Whether the replica is ready. */
  hello: { args: null; value: BuildInfo };
  /** Steps together with all others, until replica 0 says that there are no more. */
  train: { args: null; value: { step: number } };
  rewind: { args: null; value: null };
  setLearningRate: { args: number; value: null };
  setClipping: { args: ClippingConfig; value: null };
  fingerprint: { args: null; value: string };
  saveState: { args: null; value: Uint8Array<ArrayBuffer> };
  restoreState: { args: Uint8Array; value: null };
};

export type RequestKind = keyof Requests;
