import { useId } from 'preact/hooks';
import { MAX_PROMPT_LENGTH } from '../../links/run-config.js';
import { messages } from '../messages.js';
import { useApp } from './context.js';

/** What the network is given to continue, and an example that suits the text. */
export function PromptField({ example }: { example: string | null }) {
  const { store, controller } = useApp();
  const id = useId();
  return (
    <div class="field field-wide">
      <label for={id}>{messages.writing.prompt}</label>
      <textarea
        id={id}
        class="prompt"
        rows={2}
        maxLength={MAX_PROMPT_LENGTH}
        spellcheck={false}
        value={store.config.value.prompt}
        aria-describedby={`${id}-about`}
        onInput={(event) => controller.change({ prompt: event.currentTarget.value.toWellFormed() })}
      />
      <p id={`${id}-about`} class="field-about">
        {messages.writing.promptAbout}{' '}
        {example !== null && (
          <button type="button" class="link-button" onClick={() => controller.change({ prompt: example })}>
            {messages.writing.usePrompt(example)}
          </button>
        )}
      </p>
    </div>
  );
}
