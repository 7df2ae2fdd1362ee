import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What else lies in a folder of cases. */
const notCases = ['index.json', 'profile.json', 'tolerances.json'];

/**
 * The ids of the cases of a folder: all manifests, whatever an index says, and all tensors, so that a case that has lost
 * one of its two files is not overlooked.
 */
export function caseIds(folder) {
  const names = readdirSync(folder).filter((name) => !notCases.includes(name));
  const ids = names
    .filter((name) => /\.(json|safetensors)$/.test(name) && !name.endsWith('.model.safetensors'))
    .map((name) => name.replace(/\.(json|safetensors)$/, ''));
  return [...new Set(ids)].sort();
}

/** A case: its manifest, and its tensors by name, checked against each other. */
export function readFixture(engine, folder, id) {
  const manifest = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8'));
  const bytes = new Uint8Array(readFileSync(join(folder, manifest.file)));
  const file = new Map(engine.readSafetensors(bytes).tensors.map((tensor) => [tensor.name, tensor]));
  const listed = { ...manifest.inputs, ...manifest.expected };
  for (const [name, [dtype, shape]] of Object.entries(listed)) {
    const tensor = file.get(name);
    if (tensor === undefined) throw new Error(`tensor ${name} is missing`);
    if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join()) {
      throw new Error(`tensor ${name} is ${tensor.dtype} (${tensor.shape}), the manifest says ${dtype} (${shape})`);
    }
    if (!tensor.data.every((value) => Number.isFinite(Number(value)))) throw new Error(`tensor ${name} is not finite`);
  }
  for (const name of file.keys()) if (!(name in listed)) throw new Error(`tensor ${name} is not in the manifest`);
  return new Fixture(folder, manifest, file);
}

class Fixture {
  constructor(folder, manifest, file) {
    this.folder = folder;
    this.manifest = manifest;
    this.file = file;
    this.owners = [];
  }

  /** Keeps an object of the engine until the case is over. */
  own(owner) {
    this.owners.push(owner);
    return owner;
  }

  delete() {
    for (const owner of this.owners) owner.delete();
  }

  has(name) {
    return this.file.has(name);
  }

  /** A tensor that the case must have. */
  wanted(name) {
    const tensor = this.file.get(name);
    if (tensor === undefined) throw new Error(`tensor ${name} is missing`);
    return tensor;
  }

  /** An input as {shape, data}; ids and lengths come as 32-bit numbers. */
  input(name) {
    const { shape, data } = this.wanted(name);
    return { shape, data: data instanceof BigInt64Array ? Int32Array.from(data, Number) : data };
  }

  /** The numbers of a tensor that must have this shape; ids, targets and lengths as 32-bit numbers. */
  numbers(name, shape) {
    const input = this.input(name);
    if (input.shape.join() !== shape.join())
      throw new Error(`tensor ${name} has shape (${input.shape}), expected (${shape})`);
    return input.data;
  }

  /** The parameters under the names that the engine gives them. */
  parameters() {
    const all = [...this.file].filter(([name]) => name.startsWith('param.'));
    return new Map(all.map(([name, { shape, data }]) => [engineName(name.slice('param.'.length)), { shape, data }]));
  }
}

/** The fixtures call the layers of a language model rnn, fc and emb. */
const engineName = (name) => name.replace(/^fc\./, 'head.').replace(/^emb\./, 'embedding.');

/** And the other way round. */
export const fixtureName = (name) => name.replace(/^head\./, 'fc.').replace(/^embedding\./, 'emb.');
