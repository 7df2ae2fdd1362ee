import type { Cell } from '../cells.js';
import { CELLS } from '../cells.js';
import { UnrollError } from '../errors.js';
import { readFields } from '../arguments/fields.js';
import type { TensorFile } from './file-tensor.js';
import { asWeights } from './file-tensor.js';
import { FORWARD_DEFAULTS } from '../networks/network-config.js';
import type { FullModelConfig, ModelConfig } from '../networks/model-config.js';
import { charactersOf, MODEL_FIELDS } from '../networks/model-config.js';
import { readMetadata } from './model-metadata.js';
import { parameterName } from './parameter-names.js';
import { show } from '../arguments/show.js';
import type { ModelSizes } from './sizes-from-tensors.js';
import { cellOfBlocks, sizesFromTensors } from './sizes-from-tensors.js';
import type { StateDict } from '../networks/state-dict.js';
import type { Tensor } from '../networks/tensor.js';

/** What a plain PyTorch `state_dict` does not say about itself. */
export interface LoadOptions {
  /** The characters in the order of their tokens. Needed when the file does not name them; must agree when it does. */
  readonly vocabulary?: string | readonly string[] | undefined;
  /**
   * What is known about the model. Only a cell of `rnn_relu` cannot be told from the tensors; whatever else is given must
   * agree with them.
   */
  readonly config?: ModelConfig | undefined;
}

/** A language model in a file, understood but not built. */
export interface ModelFile {
  readonly config: FullModelConfig;
  /** The characters in the order of their tokens. */
  readonly vocabulary: string;
  /** What the writer noted, for instance the step. */
  readonly notes: ReadonlyMap<string, string>;
  readonly tensors: StateDict;
}

const OPTIONS = {
  vocabulary: (where: string, value: unknown): string => charactersOf(where, value).join(''),
  config: (_where: string, value: unknown): Partial<FullModelConfig> => readFields('ModelConfig', value, MODEL_FIELDS),
};

/**
 * Makes sense of a safetensors file as a language model: one of ours, which describes itself, or a PyTorch `state_dict`
 * whose vocabulary the caller knows. The sizes come from the shapes, and what the file says must agree with them.
 *
 * @throws UnrollError `FILE_INVALID`, `FILE_NEWER`, `MISSING_TENSOR`, `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
 */
export function understandModelFile(file: TensorFile, options: LoadOptions): ModelFile {
  const given = readFields('loadModel', options, OPTIONS);
  const tensors = weightsByOurNames(file);
  const sizes = sizesFromTensors(tensors);
  const own = readMetadata(file.metadata);
  const vocabulary = agree('vocabulary', own?.vocabulary, given.vocabulary) ?? noVocabulary();
  checkVocabulary(vocabulary, sizes.vocabSize);
  const cell = agree('cell', own?.config.cell, given.config?.cell) ?? cellOfBlocks(sizes.blocks)!;
  const { blocks } = CELLS[cell];
  if (blocks !== sizes.blocks) {
    mismatch(`its recurrent weights have ${sizes.blocks} blocks of rows, expected ${blocks} for a ${cell}`);
  }
  checkSizes('the file says', own?.config, sizes);
  checkSizes('the caller says', given.config, sizes);
  return {
    config: configOf(cell, sizes, { ...given.config, ...own?.config }),
    vocabulary,
    notes: own?.notes ?? new Map(),
    tensors,
  };
}

function weightsByOurNames(file: TensorFile): StateDict {
  const tensors = new Map<string, Tensor>();
  for (const tensor of file.tensors) {
    const name = parameterName(tensor.name);
    if (tensors.has(name)) {
      throw new UnrollError('FILE_INVALID', `model file: ${show(tensor.name)} is a second tensor for ${name}`);
    }
    tensors.set(name, asWeights(tensor));
  }
  return tensors;
}

function agree<Value extends string>(
  what: string,
  own: Value | undefined,
  given: Value | undefined,
): Value | undefined {
  if (own !== undefined && given !== undefined && own !== given) {
    mismatch(`its ${what} is ${show(own)}, but the caller expects ${show(given)}`);
  }
  return own ?? given;
}

function noVocabulary(): never {
  throw new UnrollError(
    'FILE_INVALID',
    'model file: it does not say which characters its model knows, as it was not saved by Unroll; give them as ' +
      '{ vocabulary } in the order of their tokens',
  );
}

function checkVocabulary(vocabulary: string, vocabSize: number): void {
  const size = [...vocabulary].length;
  if (size !== vocabSize) mismatch(`the vocabulary has ${size} characters, but head.weight has ${vocabSize} rows`);
}

function checkSizes(source: string, config: Partial<FullModelConfig> | undefined, sizes: ModelSizes): void {
  for (const name of ['hiddenSize', 'numLayers', 'embeddingDim'] as const) {
    const said = config?.[name];
    if (said !== undefined && said !== sizes[name]) {
      mismatch(`${source} that ${name} is ${said}, but its tensors have ${sizes[name]}`);
    }
  }
}

function configOf(cell: Cell, sizes: ModelSizes, said: Partial<FullModelConfig>): FullModelConfig {
  const { hiddenSize, numLayers, embeddingDim } = sizes;
  return { ...FORWARD_DEFAULTS, ...said, cell, hiddenSize, numLayers, embeddingDim };
}

function mismatch(what: string): never {
  throw new UnrollError('SHAPE_MISMATCH', `model file: ${what}`);
}
