import { UnrollError } from '../errors.js';
import { refuse } from '../arguments/fields.js';
import { pairs, properties } from '../arguments/own.js';
import type { RawTensor } from '../module/raw-module.js';
import { show } from '../arguments/show.js';
import type { Tensor } from './tensor.js';
import { readTensor } from './tensor.js';

/** Parameters or gradients by PyTorch's names, in the order of PyTorch's `state_dict()`. */
export type StateDict = ReadonlyMap<string, Tensor>;

/** What can be loaded: a map, a list of its entries, or a plain object with the names as keys. */
export type StateDictLike = StateDict | readonly (readonly [string, Tensor])[] | Readonly<Record<string, Tensor>>;

export function stateDictOf(tensors: readonly RawTensor[]): StateDict {
  return new Map(tensors.map(({ name, shape, data }) => [name, { shape, data }]));
}

/** Checked for types; whether names and shapes fit the model is for the engine to say. */
export function rawTensors(who: string, tensors: StateDictLike): RawTensor[] {
  const entries =
    pairs(tensors) ?? properties(tensors) ?? refuse(`${who}: the tensors`, tensors, 'a Map or an object', 'are');
  const raw: RawTensor[] = [];
  const names = new Set<string>();
  for (const [name, value] of entries) {
    if (typeof name !== 'string') refuse(`${who}: a tensor's name`, name, 'a string');
    if (names.has(name)) {
      throw new UnrollError('INVALID_ARGUMENT', `${who}: there are two tensors with the name ${show(name)}`);
    }
    names.add(name);
    const { shape, data } = readTensor(`${who}: ${name.length > 80 ? show(name) : name.toWellFormed()}`, value);
    raw.push({ name: name.toWellFormed(), shape, data });
  }
  return raw;
}
