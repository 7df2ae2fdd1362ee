import { DEFAULTS, linkBudget, writeLink } from '../../links/index.js';
import type { Command } from '../command.js';
import { configFromFlags, RUN_FLAGS } from '../run-flags.js';
import { note, print } from '../terminal.js';
import { readText } from '../texts.js';

export const link: Command = {
  name: 'link',
  usage: '[flags]',
  summary: 'Prints the link of a run: behind the address of the page it opens there, and `unroll run` trains it.',
  flags: [
    {
      name: 'text',
      value: 'FILE',
      help: `a text to put into the link, or the name of a bundled one [${DEFAULTS.text as string}]`,
    },
    ...RUN_FLAGS,
  ],
  notes: [],
  positional: null,

  async run({ flags }) {
    const idOrPath = flags.get('text');
    const source = idOrPath === undefined ? DEFAULTS.text : (await readText('--text', idOrPath)).source;
    const fragment = await writeLink({ config: configFromFlags(flags, source) });
    print(fragment);
    const budget = linkBudget(fragment.length);
    if (budget.note !== null) note(`unroll link: ${budget.note}`);
    return 0;
  },
};
