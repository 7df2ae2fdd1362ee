import { outliving } from '../../run/breakdown.js';
import { OpenedModel } from '../opened-model.js';
import type { ModelSummary } from '../protocol.js';
import type { Session } from '../session.js';

/** A model from a file, beside the one in training. */
export function openModel(
  session: Session,
  { bytes }: { readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<ModelSummary> {
  const opened = session.opened instanceof OpenedModel ? session.opened : new OpenedModel();
  session.opened = opened;
  return outliving(async () => opened.open(await session.anyEngine(), bytes));
}
