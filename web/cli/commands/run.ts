import { readLink } from '../../links/index.js';
import { dataOf } from '../../links/run-config.js';
import type { Command } from '../command.js';
import { loadData, sourceOf } from '../data.js';
import { keepingFromFlags, SAVE_FLAGS, SAVE_NOTES } from '../keeping-flags.js';
import { expectRunOfLink, readResumed } from '../resume.js';
import { FAST_FLAG } from '../run-flags.js';
import { trainSession } from '../session.js';
import { note } from '../terminal.js';

export const run: Command = {
  name: 'run',
  usage: "'LINK' [flags]",
  summary: 'Trains what a link describes, and checks the result that it claims.',
  flags: [...SAVE_FLAGS, { name: 'json', value: null, help: 'one JSON object a line on standard output' }, FAST_FLAG],
  notes: [
    'The link is a whole address or what is behind its #. Put it in quotes: & means something to the shell.',
    'When the link claims a result and this run arrives at another, the exit code is 1. The fast build cannot check it.',
    ...SAVE_NOTES,
  ],
  positional: "the link, as in unroll run '#v=1&cell=gru',",

  async run({ flags, positionals }) {
    const { config: described, claim, notes } = await readLink(positionals[0]!);
    const config = flags.has('fast') ? { ...described, fast: true } : described;
    for (const line of notes) note(`unroll run: ${line}`);
    const source = sourceOf(dataOf(config));
    const data = await loadData('run', config);
    const path = flags.get('resume');
    const resumed = path === undefined ? null : await readResumed(path);
    if (resumed) expectRunOfLink(resumed, config);
    const keeping = { ...keepingFromFlags(flags, resumed), best: null, patience: 0 };
    return trainSession({ config, source, data, json: flags.has('json'), keeping, claim, start: null, resumed });
  },
};
