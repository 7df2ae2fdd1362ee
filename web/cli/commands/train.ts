import { TEXTS } from '../../corpora/catalogue.js';
import type { RunConfig } from '../../links/index.js';
import { UsageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { required } from '../flags.js';
import { BEST_FLAGS, keepingFromFlags, SAVE_FLAGS, SAVE_NOTES } from '../keeping-flags.js';
import { readResumed, resumedConfig, startAgain } from '../resume.js';
import type { Resumed } from '../resume.js';
import { RUN_FLAGS } from '../run-flags.js';
import { trainSession } from '../session.js';
import type { Session } from '../session.js';
import { expectSameNetwork, readStartingModel } from '../starting-model.js';
import type { NamedText } from '../texts.js';
import { readRunText, readText } from '../texts.js';
import { configWithWorkers } from '../workers.js';

type Flags = ReadonlyMap<string, string>;

export const train: Command = {
  name: 'train',
  usage: '--text FILE [flags]',
  summary: 'Trains a network on a text, tells how it goes, and saves it.',
  flags: [
    { name: 'text', value: 'FILE', help: `a UTF-8 text, or one of ${TEXTS.map((text) => text.id).join(', ')}` },
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
  const text = await readText('--text', required(flags, 'text', 'FILE'));
  const model = path === undefined ? null : await readStartingModel(path, grows);
  const config = await configWithWorkers(flags, text, model?.values);
  if (model) expectSameNetwork(path!, model.values, config);
  return { ...common(flags, text, config, null), start: model?.start ?? null };
}

async function resumedSession(flags: Flags): Promise<Session> {
  for (const name of ['init-from', 'grow-vocabulary']) {
    if (flags.has(name)) throw new UsageError(`--resume goes on with its own weights; leave --${name} out`);
  }
  const found = await readResumed(flags.get('resume')!);
  const text = await textOf(flags, found);
  const { resumed, config } = resumedConfig(found, flags, text.source);
  return { ...common(flags, text, config, resumed), start: startAgain(resumed.saved, config) };
}

function common(flags: Flags, text: NamedText, config: RunConfig, resumed: Resumed | null): Omit<Session, 'start'> {
  return { config, text, json: flags.has('json'), keeping: keepingFromFlags(flags, resumed), claim: null, resumed };
}

/** A bundled text is known by its name, and any other has to be given again. */
async function textOf(flags: Flags, { saved }: Resumed): Promise<NamedText> {
  const given = flags.get('text');
  if (given !== undefined) return readText('--text', given);
  if (saved.text !== null) return readRunText(saved.text);
  throw new UsageError('--text FILE is missing: a state does not keep the text that it is of');
}
