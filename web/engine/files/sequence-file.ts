import { show, showShape } from '../arguments/show.js';
import type { Fields, Read } from '../arguments/fields.js';
import { readFields, refuse } from '../arguments/fields.js';
import { Engine } from '../engine.js';
import { UnrollError } from '../errors.js';
import type { Classifier } from '../networks/classifier.js';
import type { Regressor } from '../networks/regressor.js';
import { CELLS } from '../cells.js';
import type { SequenceLayersConfig } from '../networks/sequence-config.js';
import { CLASSIFIER_FIELDS, REGRESSOR_FIELDS } from '../networks/sequence-config.js';
import { charactersOf } from '../networks/model-config.js';
import { TextClassifier } from '../networks/text-classifier.js';
import type { StateDict } from '../networks/state-dict.js';
import type { TensorFile } from './file-tensor.js';
import { asWeights } from './file-tensor.js';
import { strings } from '../training/labelled-texts.js';
import { isOurs, kindIn, readEntry } from './model-metadata.js';

/**
 * The classifier in a file of `Engine.saveModel()`; a `TextClassifier` where it was one.
 *
 * @throws UnrollError `FILE_INVALID`, `FILE_NEWER`, `MISSING_TENSOR`, `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_CONFIG`
 */
export function loadClassifier(engine: Engine, bytes: Uint8Array): Classifier {
  const file = readFile('loadClassifier', engine, bytes, ['Classifier', 'TextClassifier']);
  const { metadata } = file;
  const { hiddenSize = 0, vocabSize = 0, classes = 0, ...own } = readConfig(metadata, CLASSIFIER_FIELDS);
  const layers = { ...own, hiddenSize };
  const weightsFor = (V: number, C: number): StateDict => {
    const { embeddingDim = 0 } = own;
    const tensors = weightsOf(file, layers, embeddingDim || V, C);
    if (embeddingDim > 0) expectShape(tensors, 'embedding.weight', [V, embeddingDim]);
    return tensors;
  };
  if (kindIn(metadata) === 'Classifier') {
    const tensors = weightsFor(vocabSize, classes);
    return filled(engine.createClassifier({ ...layers, vocabSize, classes }), tensors);
  }
  const vocabulary = readEntry(metadata, 'vocabulary', charactersOf);
  const names = readEntry(metadata, 'classes', (where, value) => strings(where, value, 4096));
  const tensors = weightsFor(vocabulary.length, names.length);
  return filled(new TextClassifier(engine.boundary, layers, vocabulary, names), tensors);
}

/** The regressor in a file of `Engine.saveModel()`. Throws as `loadClassifier()`. */
export function loadRegressor(engine: Engine, bytes: Uint8Array): Regressor {
  const file = readFile('loadRegressor', engine, bytes, ['Regressor']);
  const { hiddenSize = 0, inputSize = 0, ...own } = readConfig(file.metadata, REGRESSOR_FIELDS);
  const config = { ...own, hiddenSize, inputSize };
  return filled(engine.createRegressor(config), weightsOf(file, config, inputSize, config.outputSize ?? 1));
}

function readFile(who: string, engine: Engine, bytes: Uint8Array, kinds: readonly string[]): TensorFile {
  expectEngine(who, engine);
  const file = engine.readSafetensors(bytes);
  const kind = isOurs(file.metadata) ? (kindIn(file.metadata) ?? 'LanguageModel') : 'file of others';
  if (kinds.includes(kind)) return file;
  throw new UnrollError('FILE_INVALID', `model file: it holds a ${show(kind)}, expected a ${kinds[0]}`);
}

/** In truth: to a proxy, and to what has only the prototype, its getter does not answer. */
function expectEngine(who: string, engine: unknown): void {
  try {
    if (engine instanceof Engine && engine.boundary) return;
  } catch {
    // It is none.
  }
  refuse(`${who}: the engine`, engine, 'an Engine');
}

const readConfig = <Table extends Fields>(metadata: TensorFile['metadata'], fields: Table): Read<Table> =>
  readEntry(metadata, 'config', (where, value) => readFields(where, value, fields));

function filled<Kind extends Classifier | Regressor>(model: Kind, tensors: StateDict): Kind {
  try {
    model.loadStateDict(tensors);
    return model;
  } catch (error) {
    model.delete();
    throw error;
  }
}

/**
 * A file can ask for no more memory than it has itself: the sizes that it says have to be those of its matrices. Whether
 * every other tensor is there and fits is checked by the engine when they are loaded.
 */
function weightsOf(file: TensorFile, config: SequenceLayersConfig, input: number, output: number): StateDict {
  const { cell = 'lstm', hiddenSize, numLayers = 1, bidirectional = false } = config;
  const tensors: StateDict = new Map(file.tensors.map((tensor) => [tensor.name, asWeights(tensor)]));
  const rows = CELLS[cell === 'rnn' ? 'rnn_tanh' : cell].blocks * hiddenSize;
  const features = hiddenSize * (bidirectional ? 2 : 1);
  for (let layer = 0; layer < numLayers; layer++) {
    for (const direction of bidirectional ? ['', '_reverse'] : ['']) {
      expectShape(tensors, `rnn.weight_ih_l${layer}${direction}`, [rows, layer === 0 ? input : features]);
      expectShape(tensors, `rnn.weight_hh_l${layer}${direction}`, [rows, hiddenSize]);
    }
  }
  expectShape(tensors, 'head.weight', [output, features]);
  return tensors;
}

function expectShape(tensors: StateDict, name: string, expected: readonly number[]): void {
  const shape = tensors.get(name)?.shape;
  if (shape === undefined) throw new UnrollError('MISSING_TENSOR', `model file: there is no tensor "${name}"`);
  if (shape.length === 2 && shape.every((size, i) => size === expected[i])) return;
  const got = showShape(shape);
  throw new UnrollError(
    'SHAPE_MISMATCH',
    `model file: ${name} has shape ${got}, expected ${showShape(expected)} for what the file says`,
  );
}
