import { messages } from '../messages.js';
import { useApp } from './context.js';

/** What was wrong with the link that was opened. It stays until the reader puts it away. */
export function LinkNote() {
  const { store } = useApp();
  const note = store.linkNote.value;
  return (
    <div role="alert">
      {note !== null && (
        <div class="link-note">
          <p>{note}</p>
          <button
            type="button"
            class="button"
            onClick={() => {
              store.linkNote.value = null;
            }}
          >
            {messages.link.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
