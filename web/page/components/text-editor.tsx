import { useId, useState } from 'preact/hooks';
import { isOwnText } from '../state/settings.js';
import { useApp } from './context.js';
import { FileButton } from './file-button.js';
import { messages } from './text-editor-messages.js';

/** The reader's own text: pasted, or read from a file. Loaded when there is one to be written. */
export function TextEditor() {
  const { store, controller } = useApp();
  const id = useId();
  const { text } = store.config.value;
  const [typed, setTyped] = useState(isOwnText(text) ? text.own : '');
  return (
    <form
      class="own-text"
      onSubmit={(event) => {
        event.preventDefault();
        void controller.bring((importer) => importer.importText(typed));
      }}
    >
      <label class="visually-hidden" for={id}>
        {messages.paste}
      </label>
      <textarea
        id={id}
        value={typed}
        placeholder={messages.paste}
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="row">
        <button type="submit" class="button" disabled={typed === ''}>
          {messages.use}
        </button>
        <button type="button" class="link-button" onClick={() => controller.editOwnText(false)}>
          {messages.keep}
        </button>
      </div>
      <FileButton
        label={messages.chooseFile}
        accept="text/*,.txt,.md,.csv"
        onFile={(file) => void controller.bring((importer) => importer.importTextFile(file))}
      />
      <span class="hint"> {messages.drop}</span>
    </form>
  );
}
