import { basename } from 'node:path';
import { decodeUtf8, prepareText } from '../../engine/internal.js';
import type { LanguageModel, Precision } from '../../engine/index.js';
import { DEFAULTS } from '../../links/index.js';
import { countCharacters, splitText } from '../../run/split-text.js';
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
    const text = await readText('--text', path);
    const prepared = decodeUtf8(prepareText(text));
    const parts = flags.has('split') ? splitInto(prepared, flags) : [{ name: '', text: prepared }];
    const engine = await loadEngine(flags.has('fast'));
    const model = await readModel(engine, required(flags, 'model', 'FILE'));
    const perChar = flags.has('per-char');
    const precision = flags.has('int8') ? 'int8' : 'float32';
    const rows = parts.filter((part) => part.text !== '').map((part) => measure(model, part, precision));
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
  readonly text: string;
}

function splitInto(text: string, flags: ReadonlyMap<string, string>): readonly Part[] {
  const { split } = configFromFlags(new Map([['split', flags.get('split')!]]), DEFAULTS.text);
  const [train, validation, test] = splitText(text, split);
  return [
    { name: 'train', text: train },
    { name: 'val', text: validation },
    { name: 'test', text: test },
  ];
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
  const guessed = text.slice(String.fromCodePoint(text.codePointAt(0)!).length);
  return { name, chars: countCharacters(text), loss: lossNats, perplexity, guessed, logProbs };
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
