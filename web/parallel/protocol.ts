import type { BuildInfo, ClippingConfig, EngineOptions, TrainerConfig } from '../engine/index.js';

/** The first and only message to a replica's thread; all others go through its ports. */
export interface StartMessage {
  /** With `shard`, without `model`. */
  readonly config: TrainerConfig;
  /** The file of the model to start from, or null. */
  readonly model: Uint8Array<ArrayBuffer> | null;
  /** As `prepareText()` makes it. */
  readonly text: Uint8Array<ArrayBuffer>;
  readonly engineOptions: EngineOptions;
  /** Requests come from here, and answers go back. */
  readonly control: MessagePort;
  /** To the other replicas, by their index; null in the replica's own place. */
  readonly peers: readonly (MessagePort | null)[];
}

/** What replica 0 asks the others for. */
export interface Requests {
  /** Whether the replica is ready. */
  readonly hello: { args: null; value: BuildInfo };
  /** Steps together with all others, until replica 0 says that there are no more. */
  readonly train: { args: null; value: { step: number } };
  readonly rewind: { args: null; value: null };
  readonly setLearningRate: { args: number; value: null };
  readonly setClipping: { args: ClippingConfig; value: null };
  readonly fingerprint: { args: null; value: string };
  readonly saveState: { args: null; value: Uint8Array<ArrayBuffer> };
  readonly restoreState: { args: Uint8Array; value: null };
}

export type RequestKind = keyof Requests;

export interface Request<Kind extends RequestKind = RequestKind> {
  readonly id: number;
  readonly kind: Kind;
  readonly args: Requests[Kind]['args'];
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
