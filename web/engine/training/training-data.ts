import type { Engine } from '../engine.js';
import type { TrainerConfig } from '../networks/model-config.js';
import { PreparedText, prepareText } from '../text/text.js';

/** What there is to train on. Its kind says which task it is, and so which trainer there will be. */
export type TrainingData = string | PreparedText;

/** How it is trained on, with the fields of its task. */
export type AnyTrainerConfig = TrainerConfig;

/** The same as plain data, which can be sent to another thread. */
export interface DataMessage {
  /** As `prepareText()` makes it. */
  readonly text: Uint8Array<ArrayBuffer>;
}

export const dataToMessage = (data: TrainingData): DataMessage => ({ text: prepareText(data) });

/** Later, as what reads the data of another task may have to be loaded. */
export async function dataFromMessage({ text }: DataMessage): Promise<TrainingData> {
  return new PreparedText(text);
}

/** A network to start from crosses as a file of `saveModel()`. */
export async function modelFromMessage(
  engine: Engine,
  file: Uint8Array,
): Promise<NonNullable<AnyTrainerConfig['model']>> {
  return engine.loadModel(file);
}
