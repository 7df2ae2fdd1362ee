import { TEXTS } from '../../corpora/catalogue.js';
import type { Command } from '../command.js';
import { required } from '../required.js';
import { RUN_FLAGS } from '../run-flags.js';
import { trainSession } from '../session.js';
import { configWithWorkers } from '../workers.js';
import { readText } from '../texts.js';

export const train: Command = {
  name: 'train',
  usage: '--text FILE [flags]',
  summary: 'Trains a network on a text, tells how it goes, and saves it.',
  flags: [
    { name: 'text', value: 'FILE', help: `a UTF-8 text, or one of ${TEXTS.map((text) => text.id).join(', ')}` },
    ...RUN_FLAGS,
    { name: 'out', value: 'FILE', help: 'save the model here, as safetensors' },
    { name: 'json', value: null, help: 'one JSON object a line on standard output' },
  ],
  notes: ['Losses are in nats per character. Ctrl-C stops in good order and saves what there is.'],
  positional: null,

  async run({ flags }) {
    const text = await readText('--text', required(flags, 'text', 'FILE'));
    const config = await configWithWorkers(flags, text);
    return trainSession({ config, text, json: flags.has('json'), out: flags.get('out') ?? null, claim: null });
  },
};
