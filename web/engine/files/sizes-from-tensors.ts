import type { Cell } from '../cells.js';
import { CELL_NAMES, CELLS } from '../cells.js';
import { UnrollError } from '../errors.js';
import { show, showShape } from '../arguments/show.js';
import type { StateDict } from '../networks/state-dict.js';

/** What the shapes of a language model's weights tell about it. */
export interface ModelSizes {
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly embeddingDim: number;
  readonly vocabSize: number;
  /** Of hidden_size rows in each recurrent weight. */
  readonly blocks: number;
}

/**
 * Reads the sizes of a model off its weights, so that a file can ask for no more memory than it has itself. Whether every
 * other tensor is there and fits is checked by the engine when they are loaded.
 *
 * @throws UnrollError `MISSING_TENSOR`, `SHAPE_MISMATCH`
 */
export function sizesFromTensors(tensors: StateDict): ModelSizes {
  const [vocabSize, hiddenSize] = matrix(tensors, 'head.weight');
  const [rows, columns] = matrix(tensors, 'rnn.weight_hh_l0');
  const blocks = rows / hiddenSize;
  if (columns !== hiddenSize || cellOfBlocks(blocks) === undefined) {
    throw new UnrollError(
      'SHAPE_MISMATCH',
      `model file: rnn.weight_hh_l0 has shape ${showShape([rows, columns])}, which fits no cell of the ${hiddenSize} ` +
        'hidden units that head.weight expects',
    );
  }
  const embeddingDim = tensors.has('embedding.weight') ? matrix(tensors, 'embedding.weight')[1] : 0;
  let numLayers = 1;
  while (tensors.has(`rnn.weight_hh_l${numLayers}`)) numLayers++;
  for (const name of tensors.keys()) {
    if (name.endsWith('_reverse')) {
      throw new UnrollError(
        'SHAPE_MISMATCH',
        `model file: ${show(name)} belongs to a bidirectional network, and a language model reads forwards only`,
      );
    }
  }
  return { hiddenSize, numLayers, embeddingDim, vocabSize, blocks };
}

/** The cell that has so many blocks; of the two with one, PyTorch's default. */
export const cellOfBlocks = (blocks: number): Cell | undefined =>
  CELL_NAMES.find((cell) => CELLS[cell].blocks === blocks);

function matrix(tensors: StateDict, name: string): readonly [number, number] {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new UnrollError('MISSING_TENSOR', `model file: there is no tensor "${name}", so this is no language model`);
  }
  const [rows, columns] = tensor.shape;
  if (tensor.shape.length !== 2) {
    throw new UnrollError(
      'SHAPE_MISMATCH',
      `model file: ${name} has shape ${showShape(tensor.shape)}, expected two sizes`,
    );
  }
  return [rows!, columns!];
}
