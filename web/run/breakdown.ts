import { UnrollError } from '../engine/index.js';

/** How often in a row something may break down before it is given up: what fails three times is no accident. */
export const TRIES = 3;

/** Whether an error says that an engine, or the thread of one, is no more. Everything else is an answer. */
export function isBreakdown(error: unknown): error is UnrollError {
  return error instanceof UnrollError && error.code === 'ENGINE_STOPPED';
}

/** What is said when it is given up, with the last breakdown as its cause. */
export function givenUp(error: UnrollError, step: number): UnrollError {
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  const what = `${TRIES} engines in a row broke down after step ${step} (${reason})`;
  return new UnrollError('ENGINE_STOPPED', `Run: ${what}; a smaller network may fit`, { cause: error });
}

/** Does what leaves nothing behind, and does it again when an engine breaks down over it. */
export async function outliving<Value>(action: () => Promise<Value>): Promise<Value> {
  for (let failures = 1; ; ++failures) {
    try {
      return await action();
    } catch (error) {
      if (!isBreakdown(error) || failures === TRIES) throw error;
    }
  }
}
