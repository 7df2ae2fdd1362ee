import { stdout } from 'node:process';
import { DEFAULTS, LIMITS } from '../../links/index.js';
import { openingFor } from '../../run/opening.js';
import type { Command } from '../command.js';
import { loadEngine } from '../load-engine.js';
import { readModel } from '../models.js';
import { numberFlag } from '../number-flag.js';
import { required } from '../required.js';
import { FAST_FLAG } from '../run-flags.js';

/** Characters asked for at a time, so that a long text appears while it is written. */
const CHUNK = 256;

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
    { name: 'greedy', value: null, help: 'take the likeliest character instead of drawing' },
    FAST_FLAG,
  ],
  notes: [],
  positional: null,

  async run({ flags }) {
    const prompt = flags.get('prompt') ?? '';
    const length = numberFlag(flags, 'length', DEFAULTS.sampleLength, { min: 1, max: 10_000_000, whole: true });
    const options = {
      temperature: numberFlag(flags, 'temperature', DEFAULTS.temperature, LIMITS.temperature),
      topK: numberFlag(flags, 'top-k', 0, { min: 0, max: 4096, whole: true }),
      topP: numberFlag(flags, 'top-p', 1, { min: 0.000001, max: 1 }),
      seed: numberFlag(flags, 'seed', DEFAULTS.sampleSeed, { ...LIMITS.sampleSeed, whole: true }),
      greedy: flags.has('greedy'),
    };
    const engine = await loadEngine(flags.has('fast'));
    const model = await readModel(engine, required(flags, 'model', 'FILE'));
    const generator = model.createGenerator({ ...options, prompt: openingFor(prompt, model.vocabulary) });
    stdout.write(prompt);
    for (let written = 0; written < length; written += CHUNK) {
      stdout.write(generator.next(Math.min(CHUNK, length - written)).text);
    }
    stdout.write('\n');
    generator.delete();
    model.delete();
    return 0;
  },
};
