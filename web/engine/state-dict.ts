import { UnrollError } from './errors.js';
import type { RawTensor } from './raw-module.js';
import { show } from './show.js';
import type { Tensor } from './tensor.js';
import { checkTensor } from './tensor.js';

/** Parameters or gradients by PyTorch's names, in the order of PyTorch's `state_dict()`. */
export type StateDict = ReadonlyMap<string, Tensor>;

/** What can be loaded: a map, a list of its entries, or a plain object with the names as keys. */
export type StateDictLike = StateDict | readonly (readonly [string, Tensor])[] | Readonly<Record<string, Tensor>>;

export function stateDictOf(tensors: readonly RawTensor[]): StateDict {
  return new Map(tensors.map(({ name, shape, data }) => [name, { shape, data }]));
}

/** Checked for types; whether names and shapes fit the model is for the engine to say. */
export function rawTensors(who: string, tensors: StateDictLike): RawTensor[] {
  if (typeof tensors !== 'object' || tensors === null) {
    throw new UnrollError('INVALID_ARGUMENT', `${who}: the tensors are ${show(tensors)}, expected a Map or an object`);
  }
  const entries = tensors instanceof Map || Array.isArray(tensors) ? tensors : Object.entries(tensors);
  const raw: RawTensor[] = [];
  const names = new Set<string>();
  for (const entry of entries as Iterable<unknown>) {
    const [name, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name !== 'string') {
      throw new UnrollError('INVALID_ARGUMENT', `${who}: a tensor's name is ${show(name)}, expected a string`);
    }
    if (names.has(name)) {
      throw new UnrollError('INVALID_ARGUMENT', `${who}: there are two tensors with the name ${show(name)}`);
    }
    names.add(name);
    const where = `${who}: ${name.toWellFormed()}`;
    const { shape, data } = checkTensor(where, value, anyShapeOf(value));
    raw.push({ name: name.toWellFormed(), shape, data });
  }
  return raw;
}

/** As many letters as the tensor has dimensions. */
function anyShapeOf(value: unknown): string[] {
  const shape = (value as Partial<Tensor> | null | undefined)?.shape;
  return Array.isArray(shape) ? shape.map(() => 'n') : [];
}
