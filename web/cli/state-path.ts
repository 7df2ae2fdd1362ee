import { basename, dirname, join } from 'node:path';

const MODEL = '.safetensors';
const STATE = '.state.safetensors';

/** Where the state of a training lies, beside its model: model.safetensors has model.state.safetensors. */
export function statePath(model: string): string {
  return `${model.endsWith(MODEL) ? model.slice(0, -MODEL.length) : model}${STATE}`;
}

export function isStatePath(path: string): boolean {
  return path.endsWith(STATE);
}

/**
 * The model beside a state, whose note says its name. A note from elsewhere must not choose which file is written over:
 * null unless the names belong together.
 */
export function modelPath(state: string, name: string): string | null {
  const model = join(dirname(state), basename(name));
  return basename(name) === name && join(statePath(model)) === join(state) ? model : null;
}

/** The same for the best model, which has a name of its own. */
export function bestPath(state: string, name: string): string | null {
  const isPlain = basename(name) === name && name.endsWith(MODEL) && !isStatePath(name);
  return isPlain ? join(dirname(state), name) : null;
}
