import { basename } from 'node:path';
import { PreparedText } from '../../engine/index.js';
import type { Engine, LanguageModel, Precision } from '../../engine/index.js';
import { decodeUtf8, splitText } from '../../engine/internal.js';
import { DEFAULTS } from '../../links/index.js';
import type { Split } from '../../links/index.js';
import { characterTable, listOf } from '../character-table.js';
import type { Command } from '../command.js';
import { required } from '../flags.js';
import { count, nats, toBits } from '../format.js';
import { loadEngine } from '../load-engine.js';
import { readModel } from '../models.js';
import { configFromFlags, FAST_FLAG } from '../run-flags.js';
import { bold, line, print, printAll, printJson } from '../terminal.js';
import type { Line } from '../terminal.js';
import { readText } from '../texts.js';

export const evaluate: Command = {
  name: 'evaluate',
  usage: '--model FILE --text FILE [flags]',
  summary: 'Measures how well a saved model guesses each next character of a text.',
  flags: [
    { name: 'model', value: 'FILE', help: 'a model saved by unroll train or by the page' },
    { name: 'text', value: 'FILE', help: 'a UTF-8 text, or the name of a bundled one' },
    { name: 'split', value: 'A,B,C', help: 'measure the three parts of training by themselves, as in 0.9,0.05,0.05' },
    { name: 'int8', value: null, help: 'read with a copy of the weights in 8 bits, as unroll generate --int8 writes' },
    { name: 'per-char', value: null, help: 'then tell ln p and p of each character but the first' },
    { name: 'json', value: null, help: 'one JSON object on standard output' },
    FAST_FLAG,
  ],
  notes: ['The text is read as one stream from a zero state. Losses are in nats per character.'],
  positional: null,

  async run({ flags }) {
    const path = required(flags, 'text', 'FILE');
    const text = new PreparedText(await readText('--text', path));
    const split = splitFrom(flags);
    const engine = await loadEngine(flags.has('fast'));
    const parts = split === null ? [{ name: '', text }] : splitInto(engine, text, split);
    const model = await readModel(engine, required(flags, 'model', 'FILE'));
    const perChar = flags.has('per-char');
    const precision = flags.has('int8') ? 'int8' : 'float32';
    const rows = parts.filter((part) => part.text.bytes.length > 0).map((part) => measure(model, part, precision));
    if (flags.has('json')) {
      const values = Object.assign({}, ...rows.map((row) => toJson(row, perChar))) as object;
      const { build } = engine.buildInfo();
      printJson({ ...values, parameters: model.parameterCount, fingerprint: model.fingerprint(), build });
    } else {
      for (const row of rows) {
        print(toLine(row, basename(path)));
        if (perChar) await printAll(characterTable(row.guessed, row.logProbs));
      }
    }
    model.delete();
    return 0;
  },
};

interface Part {
  /** Empty for the whole text. */
  readonly name: string;
  readonly text: PreparedText;
}

function splitFrom(flags: ReadonlyMap<string, string>): Split | null {
  const given = flags.get('split');
  return given === undefined ? null : configFromFlags(new Map([['split', given]]), DEFAULTS.text).split;
}

function splitInto(engine: Engine, text: PreparedText, split: Split): readonly Part[] {
  const names = ['train', 'val', 'test'];
  return splitText(engine, text, split).map((part, i) => ({ name: names[i]!, text: part }));
}

interface Row {
  readonly name: string;
  readonly chars: number;
  readonly loss: number;
  readonly perplexity: number;
  /** All characters but the first, and ln p of each. */
  readonly guessed: string;
  readonly logProbs: Float32Array;
}

function measure(model: LanguageModel, { name, text }: Part, precision: Precision): Row {
  const { lossNats, perplexity, logProbs } = model.evaluateText(text, { precision });
  const own = decodeUtf8(text.bytes);
  const guessed = own.slice(String.fromCodePoint(own.codePointAt(0)!).length);
  // Of the first there is no guess.
  return { name, chars: logProbs.length + 1, loss: lossNats, perplexity, guessed, logProbs };
}

/** The names that `unroll train --json` uses: loss, or val_loss for a part. */
function toJson({ name, chars, loss, perplexity, logProbs }: Row, perChar: boolean): object {
  const key = (word: string) => (name === '' ? word : `${name}_${word}`);
  return {
    [key('loss')]: loss,
    [key('bits_per_char')]: toBits(loss),
    [key('perplexity')]: perplexity,
    [key('chars')]: chars,
    ...(perChar && { [key('log_probs')]: listOf(logProbs) }),
  };
}

function toLine({ name, chars, loss, perplexity }: Row, textName: string): Line {
  const what = `${toBits(loss).toFixed(3)} bits per character, perplexity ${perplexity.toFixed(2)}`;
  return line`${(name || textName).padEnd(6)} ${bold(nats(loss))} nats, ${what}, ${count(chars)} characters`;
}
