import { saveRun } from '../../run/save-run.js';
import type { Session } from '../session.js';

/** The model in training as a file. */
export async function saveModel(session: Session): Promise<{ readonly bytes: Uint8Array<ArrayBuffer> }> {
  await session.complete();
  return session.aside(async (run) => ({ bytes: await run.ask(saveRun) }));
}
