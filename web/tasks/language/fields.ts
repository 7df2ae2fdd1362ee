import { TEXT_IDS } from '../../corpora/editions.js';
import { field, halfPair, real, toggle, unless, whole } from '../../links/fields.js';
import { ENGINE_FIELDS, NETWORK_FIELDS, TRAINING_FIELDS } from '../../links/shared-fields.js';
import { show } from '../../links/show.js';

/** UTF-16 units a prompt may have. */
export const MAX_PROMPT_LENGTH = 1000;

const IDS: readonly string[] = TEXT_IDS;
const ONE_OF = `one of ${IDS.join(', ')}`;

/**
 * A run of a language model: everything that decides, bit for bit unless it is `fast`, what is trained and what it writes.
 * The standard values are what a link of version 1 means where it says nothing: changing one would silently change every
 * link that has ever been shared, so another one needs another version.
 */
export const LANGUAGE_FIELDS = {
  /** The id of a bundled or generated text, or the reader's own. */
  text: field<string | { readonly own: string }>('moby-dick', {
    placeholder: 'FILE',
    help: `a UTF-8 text, or ${ONE_OF}`,
    isData: true,
    holdsOwn: true,
    problem: textProblem,
  }),
  ...NETWORK_FIELDS,
  /** B, the streams read side by side. */
  batchSize: whole(32, 1, 256, {
    word: 'batch',
    label: 'Batch size',
    help: 'How many places of the text are read side by side in one step.',
  }),
  /** T, the characters of each stream in one step. */
  seqLen: whole(64, 1, 1024, {
    word: 'seq',
    label: 'Sequence length',
    help: 'How many characters are read in one step, and how far back errors are traced.',
  }),
  ...TRAINING_FIELDS,
  /** What a sample begins with; when empty, it begins as if after a line break. */
  prompt: field<string>('', { changes: 'samples', help: 'what a sample begins with', problem: promptProblem }),
  temperature: real(0.8, 0.001, 100, {
    changes: 'samples',
    label: 'Temperature',
    help: 'Below 1 it plays safe, above 1 it dares.',
  }),
  sampleSeed: whole(1, 0, Number.MAX_SAFE_INTEGER, {
    changes: 'samples',
    label: 'Sampling seed',
    help: 'The dice. The same seed rolls the same numbers.',
  }),
  sampleLength: whole(200, 1, 10_000, { changes: 'samples', label: 'Length', help: 'Characters to write.' }),
  /** Always take the likeliest character instead of drawing one. */
  greedy: toggle({ changes: 'samples', help: 'take the likeliest character instead of drawing' }),
  ...ENGINE_FIELDS,
};

function textProblem(value: unknown): string | null {
  const own = isOwn(value) ? value.own : value;
  if (own === value || typeof own !== 'string') {
    return unless((id) => IDS.includes(id as string), `${ONE_OF}, or a text of your own`)(own);
  }
  return own === '' ? 'is empty, expected at least a few hundred characters' : halfPair(own);
}

const isOwn = (value: unknown): value is { readonly own: unknown } =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'own';

function promptProblem(value: unknown): string | null {
  if (typeof value !== 'string') return `is ${show(value)}, expected text`;
  if (value.length > MAX_PROMPT_LENGTH) return `is ${show(value)}, expected at most ${MAX_PROMPT_LENGTH} characters`;
  return halfPair(value);
}
