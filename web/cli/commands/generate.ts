import type { TextGenerator } from '../../engine/index.js';
import { DEFAULTS, LIMITS } from '../../links/index.js';
import { openingFor } from '../../tasks/language/opening.js';
import { characterTable, listOf } from '../character-table.js';
import { UsageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { drawText } from '../draw-text.js';
import type { Written } from '../draw-text.js';
import { required } from '../flags.js';
import { loadEngine } from '../load-engine.js';
import { readModel } from '../models.js';
import { numberFlag } from '../number-flag.js';
import { FAST_FLAG } from '../run-flags.js';
import { printAll, printJson, writeText } from '../terminal.js';

/** What a beam search has no use for: it draws nothing, and compares texts by the weights as they are. */
const DRAWING = ['temperature', 'top-k', 'top-p', 'seed', 'greedy', 'int8'];

export const generate: Command = {
  name: 'generate',
  usage: '--model FILE [flags]',
  summary: 'Lets a saved model continue a prompt. The same seed writes the same text.',
  flags: [
    { name: 'model', value: 'FILE', help: 'a model saved by unroll train or by the page' },
    { name: 'prompt', value: 'TEXT', help: 'what the text begins with' },
    { name: 'length', value: 'N', help: `characters to write [${DEFAULTS.sampleLength}]` },
    { name: 'temperature', value: 'X', help: `below 1 plays safe, above 1 dares more [${DEFAULTS.temperature}]` },
    { name: 'top-k', value: 'N', help: 'draw only from the N likeliest characters; 0: from all [0]' },
    { name: 'top-p', value: 'P', help: 'draw only from the likeliest that together have probability P [1]' },
    { name: 'seed', value: 'N', help: `seed of the draws [${DEFAULTS.sampleSeed}]` },
    { name: 'int8', value: null, help: 'write with a copy of the weights in 8 bits: quicker for large models' },
    { name: 'greedy', value: null, help: 'take the likeliest character instead of drawing' },
    { name: 'beam', value: 'N', help: 'draw nothing; search for the likeliest text with N texts at a time, 1 to 64' },
    {
      name: 'stop',
      value: 'TEXT',
      help: 'end with this text when it comes; several --stop: with any of them',
      many: true,
    },
    { name: 'logprobs', value: null, help: 'then tell ln p and p of each character, at temperature 1 and uncut' },
    { name: 'json', value: null, help: 'one JSON object a line on standard output; with --beam for each text found' },
    FAST_FLAG,
  ],
  notes: [],
  positional: null,

  async run({ flags, lists }) {
    const prompt = flags.get('prompt') ?? '';
    const beams = flags.has('beam');
    const clash = beams ? DRAWING.find((name) => flags.has(name)) : undefined;
    if (clash !== undefined) throw new UsageError(`--${clash} says how to draw, but --beam draws nothing`);
    const max = beams ? 4096 : 10_000_000;
    const length = numberFlag(flags, 'length', DEFAULTS.sampleLength, { min: 1, max, whole: true });
    const width = numberFlag(flags, 'beam', 1, { min: 1, max: 64, whole: true });
    const options = {
      temperature: numberFlag(flags, 'temperature', DEFAULTS.temperature, LIMITS.temperature),
      topK: numberFlag(flags, 'top-k', 0, { min: 0, max: 4096, whole: true }),
      topP: numberFlag(flags, 'top-p', 1, { min: 0.000001, max: 1 }),
      seed: numberFlag(flags, 'seed', DEFAULTS.sampleSeed, { ...LIMITS.sampleSeed, whole: true }),
      greedy: flags.has('greedy'),
      precision: flags.has('int8') ? ('int8' as const) : undefined,
    };
    const stop = lists.get('stop') ?? [];
    const engine = await loadEngine(flags.has('fast'));
    const model = await readModel(engine, required(flags, 'model', 'FILE'));
    const opening = openingFor(prompt, model.vocabulary);
    const json = flags.has('json');
    const texts = beams
      ? model.beamSearch({ prompt: opening, width, length, stop })
      : [await draw(model.createGenerator({ ...options, prompt: opening, stop }), length, json ? null : prompt)];
    model.delete();
    if (json) {
      for (const text of texts) printJson(toJson(prompt, text));
      return 0;
    }
    const [best] = texts;
    await writeText(beams ? `${prompt}${best!.text}\n` : '\n');
    if (flags.has('logprobs')) await printAll(characterTable(best!.text, best!.logProbs));
    return 0;
  },
};

/** Draws a text; behind a prompt it is shown while it is drawn. */
async function draw(generator: TextGenerator, length: number, prompt: string | null): Promise<Written> {
  if (prompt === null) return drawText(generator, length, null);
  await writeText(prompt);
  return drawText(generator, length, writeText);
}

function toJson(prompt: string, { text, logProbs, score }: Written): object {
  const log_probs = listOf(logProbs);
  const log_prob = log_probs.reduce((sum, logProb) => sum + logProb, 0);
  return { prompt, text, log_prob, ...(score !== undefined && { score }), log_probs };
}
