import type { Engine } from '../engine.js';
import { kindIn } from '../files/model-metadata.js';
import type { TrainerConfig } from '../networks/model-config.js';
import type { ClassifierTrainerConfig } from '../networks/sequence-config.js';
import type { TextClassifier } from '../networks/text-classifier.js';
import { PreparedText, prepareText } from '../text/text.js';
import type { LabelledLines } from './labelled-texts.js';
import { TaskData } from './task-data.js';

/** What there is to train on. Its kind says which task it is, and so which trainer there will be. */
export type TrainingData = string | PreparedText | TaskData;

/** How it is trained on, with the fields of its task. */
export type AnyTrainerConfig = TrainerConfig | ClassifierTrainerConfig;

/** The same as plain data, which can be sent to another thread. */
export type DataMessage = { readonly kind: 'text'; readonly text: Uint8Array<ArrayBuffer> } | LabelledLines;

export function dataToMessage(data: TrainingData): DataMessage {
  return TaskData.is(data) ? (data.message() as LabelledLines) : { kind: 'text', text: prepareText(data) };
}

/** Later, as what reads the data of another task may have to be loaded. */
export async function dataFromMessage(message: DataMessage): Promise<TrainingData> {
  if (message.kind === 'text') return new PreparedText(message.text);
  const { LabelledTexts } = await import('../sequences.js');
  return LabelledTexts.fromMessage(message);
}

/** A network to start from crosses as a file of `saveModel()`. */
export async function modelFromMessage(
  engine: Engine,
  file: Uint8Array,
): Promise<NonNullable<AnyTrainerConfig['model']>> {
  if (kindIn(engine.readSafetensors(file).metadata) === undefined) return engine.loadModel(file);
  const { loadClassifier } = await import('../sequences.js');
  return loadClassifier(engine, file) as TextClassifier;
}
