import { CliError } from './cli-error.js';
import type { Flag } from './flags.js';
import type { KeepingOptions } from './keeping.js';
import { numberFlag } from './number-flag.js';
import type { Resumed } from './resume.js';
import { note } from './terminal.js';

/** Of commands that train. */
export const SAVE_FLAGS: readonly Flag[] = [
  { name: 'out', value: 'FILE', help: 'save the model here, as safetensors, and its state beside it' },
  { name: 'save-every', value: 'SECONDS', help: 'of training between two saves; 0: only at the end [30]' },
  { name: 'resume', value: 'FILE', help: 'go on with the training of this model, from the state beside it' },
];

export const BEST_FLAGS: readonly Flag[] = [
  { name: 'best', value: 'FILE', help: 'save the model with the lowest validation loss here' },
  { name: 'patience', value: 'N', help: 'end after N evaluations without a lower validation loss; 0: do not [0]' },
];

export const SAVE_NOTES: readonly string[] = [
  'With --out model.safetensors the training is kept as it goes and however it ends: by a signal, as Ctrl-C, kill or a',
  'batch system send it, by numbers that overflow, by a disk that is full. model.safetensors has the weights alone, with',
  "PyTorch's names; model.state.safetensors beside it has what going on to the same bits needs: weights, the optimizer's",
  'moments, the random generator and the place in the text, for each worker. --resume model.safetensors needs both the',
  'state and the text, and no other flag; more --steps lead past the old end.',
];

/** What is kept, and where; a training that goes on is kept where it was, unless flags say otherwise. */
export function keepingFromFlags(flags: ReadonlyMap<string, string>, resumed: Resumed | null): KeepingOptions {
  const out = flags.get('out') ?? resumed?.model ?? null;
  if (resumed && out === null)
    throw new CliError(`--resume ${resumed.path}: it does not say where its model is; give --out`);
  const best = flags.get('best') ?? resumed?.best ?? null;
  if (resumed?.note.best && best === null && resumed.note.bestModel !== null) {
    note(`unroll: the best model was kept in ${resumed.note.bestModel}; give --best to keep it on`);
  }
  return {
    out,
    best,
    saveEvery: numberFlag(flags, 'save-every', 30, { min: 0, max: 1e6 }),
    patience: numberFlag(flags, 'patience', resumed?.note.patience ?? 0, { min: 0, max: 1e6, whole: true }),
  };
}
