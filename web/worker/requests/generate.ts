import type { LanguageModel } from '../../engine/index.js';
import { outliving } from '../../run/breakdown.js';
import type { Token } from '../lock.js';
import { msForFlops } from '../endurance.js';
import type { GenerateArgs, Generated } from '../protocol.js';
import { SLICE_MS } from '../session.js';
import type { Session } from '../session.js';
import { writingFlops } from '../work-size.js';
import { writeTwice } from '../write-text.js';

/** Continues a prompt twice, by certainty and by dice. Training waits, so that both are by the same weights. */
export function generate(session: Session, args: GenerateArgs): Promise<Generated> {
  if (session.writing !== null) session.writing.cancelled = true;
  const token: Token = { paused: false, cancelled: false };
  session.writing = token;
  const { yieldToEvents, now } = session.options;
  const clock = { yieldToEvents, now, sliceMs: SLICE_MS, token };
  const write = (model: LanguageModel): Promise<Generated> =>
    session.endurance.during(msForFlops(writingFlops(args.prompt.length, model.parameterCount)), () =>
      writeTwice(model, args, clock),
    );
  if (args.source === 'run') return session.aside((run) => session.withModel(run, write));
  return session.slices.between(() => outliving(async () => write(await openedModel(session))));
}

async function openedModel(session: Session): Promise<LanguageModel> {
  if (session.opened === null) throw new Error('Session: no model file is open');
  return session.opened.model(await session.anyEngine());
}
