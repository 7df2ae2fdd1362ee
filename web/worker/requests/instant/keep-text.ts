import type { Session } from '../../session.js';

/** Keeps a text of the reader's own, and lets go of those that are not among `only`. */
export function keepText(
  session: Session,
  { id, text, only }: { readonly id: number; readonly text: string; readonly only: readonly number[] },
): null {
  session.options.data.keep(id, text, only);
  return null;
}
