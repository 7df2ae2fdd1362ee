import { UnrollError } from '../errors.js';
import { show } from '../arguments/show.js';

/** What people call the three parts of a language model in PyTorch, and what they are called here. */
const PARTS: Readonly<Record<string, string>> = {
  embedding: 'embedding',
  emb: 'embedding',
  embed: 'embedding',
  encoder: 'embedding',
  rnn: 'rnn',
  lstm: 'rnn',
  gru: 'rnn',
  head: 'head',
  fc: 'head',
  linear: 'head',
  decoder: 'head',
  out: 'head',
};

/**
 * Our name for a parameter of a PyTorch `state_dict`: `fc.weight` is `head.weight`, `emb.weight` is `embedding.weight`.
 *
 * @throws UnrollError `MISSING_TENSOR` for a name that no language model has a parameter for
 */
export function parameterName(name: string): string {
  const dot = name.indexOf('.');
  const part = Object.hasOwn(PARTS, name.slice(0, dot)) ? PARTS[name.slice(0, dot)] : undefined;
  if (dot < 0 || part === undefined) {
    throw new UnrollError(
      'MISSING_TENSOR',
      `model file: there is no place for tensor ${show(name)}; expected embedding.weight, rnn.weight_ih_l0 and so on, ` +
        'head.weight and head.bias',
    );
  }
  return part + name.slice(dot);
}
