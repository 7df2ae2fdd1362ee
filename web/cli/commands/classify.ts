import { loadClassifier, TextClassifier } from '../../engine/sequences.js';
import type { Engine } from '../../engine/index.js';
import { CliError } from '../cli-error.js';
import type { Command } from '../command.js';
import { required } from '../flags.js';
import { loadEngine } from '../load-engine.js';
import { readModelFile } from '../models.js';
import { FAST_FLAG } from '../run-flags.js';
import { bold, line, print, printJson } from '../terminal.js';
import type { Line } from '../terminal.js';

/** What is asked about at once. */
const MOST_AT_ONCE = 1024;

export const classify: Command = {
  name: 'classify',
  usage: '--model FILE TEXT... [flags]',
  summary: 'Says how likely a saved classifier finds each class for each text, the likeliest first.',
  flags: [
    { name: 'model', value: 'FILE', help: 'a model saved by unroll train --task classify' },
    { name: 'json', value: null, help: 'one JSON object a line on standard output' },
    FAST_FLAG,
  ],
  notes: [],
  positional: 'a text, as in unroll classify --model names.safetensors Ada Otto,',
  takesMany: true,

  async run({ flags, positionals }) {
    const engine = await loadEngine(flags.has('fast'));
    const model = await readClassifier(engine, required(flags, 'model', 'FILE'));
    for (let i = 0; i < positionals.length; i += MOST_AT_ONCE) {
      const texts = positionals.slice(i, i + MOST_AT_ONCE);
      const { data } = model.classify(texts);
      const { length } = model.classNames;
      for (const [row, text] of texts.entries()) {
        const likely = Array.from(data.subarray(row * length, (row + 1) * length));
        if (flags.has('json')) printJson(toJson(text, model.classNames, likely));
        else print(toLine(text, model.classNames, likely));
      }
    }
    model.delete();
    return 0;
  },
};

async function readClassifier(engine: Engine, path: string): Promise<TextClassifier> {
  const bytes = await readModelFile('--model', path);
  try {
    const model = loadClassifier(engine, bytes);
    if (model instanceof TextClassifier) return model;
    model.delete();
    throw new Error('its classifier does not know which characters its tokens are');
  } catch (error) {
    throw new CliError(`--model ${path}: ${(error as Error).message}`);
  }
}

function toJson(text: string, names: readonly string[], likely: readonly number[]): object {
  const best = names[likely.indexOf(Math.max(...likely))]!;
  const probabilities = Object.fromEntries(names.map((name, i) => [name, Number(likely[i]!.toPrecision(9))]));
  return { text, class: best, probabilities };
}

function toLine(text: string, names: readonly string[], likely: readonly number[]): Line {
  const [best, ...others] = names
    .map((name, i) => ({ name, probability: likely[i]! }))
    .sort((a, b) => b.probability - a.probability)
    .map(({ name, probability }) => `${name} ${probability.toFixed(3)}`);
  return line`${text.padEnd(12)} ${bold(best!)}  ${others.join('  ')}`;
}
