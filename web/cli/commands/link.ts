import { linkBudget, writeLink } from '../../links/index.js';
import { dataFieldOf } from '../../links/run-config.js';
import type { Command } from '../command.js';
import { sourceFromFlags } from '../data.js';
import { configFromFlags, DATA_FLAGS, RUN_FLAGS, taskIn } from '../run-flags.js';
import { note, print } from '../terminal.js';

export const link: Command = {
  name: 'link',
  usage: '[flags]',
  summary: 'Prints the link of a run: behind the address of the page it opens there, and `unroll run` trains it.',
  flags: [...DATA_FLAGS, ...RUN_FLAGS],
  notes: ['A file becomes part of the link.'],
  positional: null,

  async run({ flags }) {
    const task = taskIn(flags);
    const source = await sourceFromFlags(task, flags);
    const data = source?.value ?? (dataFieldOf(task).standard as string);
    const fragment = await writeLink({ config: configFromFlags(flags, data) });
    print(fragment);
    const budget = linkBudget(fragment.length);
    if (budget.note !== null) note(`unroll link: ${budget.note}`);
    return 0;
  },
};
