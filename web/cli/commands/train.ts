import { dataFieldOf, dataOf } from '../../links/run-config.js';
import type { RunConfig } from '../../links/run-config.js';
import { UsageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { loadData, requiredSource, sourceFromFlags, sourceOf } from '../data.js';
import type { Source } from '../data.js';
import { BEST_FLAGS, keepingFromFlags, SAVE_FLAGS, SAVE_NOTES } from '../keeping-flags.js';
import { readResumed, resumedConfig, startAgain } from '../resume.js';
import type { Resumed } from '../resume.js';
import { configFromFlags, DATA_FLAGS, RUN_FLAGS, taskIn } from '../run-flags.js';
import { trainSession } from '../session.js';
import type { Session } from '../session.js';
import { expectSameNetwork, readStartingModel } from '../starting-model.js';
import { AUTO, withBestWorkers } from '../workers.js';

type Flags = ReadonlyMap<string, string>;

export const train: Command = {
  name: 'train',
  usage: '--text FILE [flags]',
  summary: 'Trains a network on a text, or on the data of another task; tells how it goes, and saves it.',
  flags: [
    ...DATA_FLAGS,
    ...RUN_FLAGS,
    ...SAVE_FLAGS,
    ...BEST_FLAGS,
    { name: 'init-from', value: 'MODEL', help: 'start from the weights and the characters of this model' },
    { name: 'grow-vocabulary', value: null, help: 'let it learn characters that it does not know' },
    { name: 'json', value: null, help: 'one JSON object a line on standard output' },
  ],
  notes: [
    'Losses are in nats per character. --workers auto measures how many threads pay here, and says so.',
    ...SAVE_NOTES,
    '--init-from takes cell, sizes and dropout from the model, and a new optimizer. With --grow-vocabulary characters that',
    'are new to it get rows drawn from --seed, behind those it has.',
  ],
  positional: null,

  async run({ flags }) {
    const session = flags.has('resume') ? await resumedSession(flags) : await freshSession(flags);
    if (session.keeping.patience > 0 && session.config.evalEvery === 0) {
      throw new UsageError(
        '--patience counts evaluations, and --eval-every 0 leaves none between the first and the last',
      );
    }
    return trainSession(session);
  },
};

async function freshSession(flags: Flags): Promise<Session> {
  const path = flags.get('init-from');
  const grows = flags.has('grow-vocabulary');
  if (grows && path === undefined) throw new UsageError('--grow-vocabulary is for the model of --init-from');
  const task = taskIn(flags);
  if (path !== undefined && task !== 'language') {
    throw new UsageError('--init-from starts from a language model, and --task says otherwise; leave one of them out');
  }
  const source = await requiredSource(task, flags);
  const model = path === undefined ? null : await readStartingModel(path, grows);
  const chooses = flags.get('workers') === AUTO;
  const others = new Map([...flags].filter(([name]) => !(chooses && name === 'workers')));
  const described = configFromFlags(others, source.value, model?.values);
  if (model) expectSameNetwork(path!, model.values, described);
  const data = await loadData('train', described);
  const config = chooses ? await withBestWorkers(described, data) : described;
  return { ...common(flags, config, null), source, data, start: model?.start ?? null };
}

async function resumedSession(flags: Flags): Promise<Session> {
  for (const name of ['init-from', 'grow-vocabulary']) {
    if (flags.has(name)) throw new UsageError(`--resume goes on with its own weights; leave --${name} out`);
  }
  const found = await readResumed(flags.get('resume')!);
  const source = await sourceAgain(flags, found);
  const { resumed, config } = resumedConfig(found, flags, source.value);
  const data = await loadData('train', config);
  return { ...common(flags, config, resumed), source, data, start: startAgain(resumed.saved, config) };
}

type Common = Omit<Session, 'start' | 'source' | 'data'>;

function common(flags: Flags, config: RunConfig, resumed: Resumed | null): Common {
  return { config, json: flags.has('json'), keeping: keepingFromFlags(flags, resumed), claim: null, resumed };
}

/** What is bundled is known by its name, and anything else has to be given again. */
async function sourceAgain(flags: Flags, { saved: { values } }: Resumed): Promise<Source> {
  const given = await sourceFromFlags(values.task, flags);
  if (given !== null) return given;
  const kept = dataOf(values as RunConfig) as Source['value'] | undefined;
  if (kept !== undefined) return sourceOf(kept);
  const { name, placeholder } = dataFieldOf(values.task);
  throw new UsageError(`--${name} ${placeholder} is missing: a state does not keep the ${name} that it is of`);
}
