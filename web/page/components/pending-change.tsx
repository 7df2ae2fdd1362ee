import { messages } from '../messages.js';
import { useApp } from './context.js';

/** Shown when the controls describe another network than the one that has been trained: nothing is lost unasked. */
export function PendingChange() {
  const { store, controller } = useApp();
  const keys = store.pendingKeys.value;
  if (keys.length === 0 || store.step.value === 0) return null;
  return (
    <div class="pending" role="group" aria-label={messages.pending.label}>
      <p>{messages.pending.say(listOf(keys.map((key) => messages.settings.names[key])))}</p>
      <button type="button" class="button button-strong" onClick={() => void controller.runs.startOver()}>
        {messages.pending.startOver}
      </button>
      <button type="button" class="button" onClick={() => controller.undoChanges()}>
        {messages.pending.undo}
      </button>
    </div>
  );
}

/** "a", "a and b", "a, b and c" */
const listOf = (items: readonly string[]): string => new Intl.ListFormat('en-GB').format(items);
