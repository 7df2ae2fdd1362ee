import { useId, useState } from 'preact/hooks';
import { messages } from '../messages.js';
import { isOwnText } from '../state/settings.js';
import { useApp } from './context.js';

/** The reader's own text: pasted, or read from a file. */
export function OwnText() {
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
        {messages.text.paste}
      </label>
      <textarea
        id={id}
        value={typed}
        placeholder={messages.text.paste}
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="row">
        <button type="submit" class="button" disabled={typed === ''}>
          {messages.text.use}
        </button>
        <button type="button" class="link-button" onClick={() => controller.editOwnText(false)}>
          {messages.text.keep}
        </button>
      </div>
      <FileButton
        label={messages.text.chooseFile}
        accept="text/*,.txt,.md,.csv"
        onFile={(file) => void controller.bring((importer) => importer.importTextFile(file))}
      />
      <span class="hint"> {messages.text.drop}</span>
    </form>
  );
}

/** The browser's own file control under a label of ours: it keeps focus, name and keyboard. */
export function FileButton(props: { label: string; accept: string; onFile: (file: File) => void }) {
  return (
    <label class="button file-button">
      {props.label}
      <input
        type="file"
        class="visually-hidden"
        accept={props.accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // So that the same file can be chosen again after it was changed.
          if (file !== undefined) props.onFile(file);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
