import { messages } from '../messages.js';
import { useApp } from './context.js';
import { Icon } from './icon.js';

/** The name, and the way to take the experiment along. */
export function Header() {
  const { store, controller } = useApp();
  const { note, fragment } = store.link.value;
  const hint = store.config.value.fast ? messages.header.copyFastLinkHint : messages.header.copyLinkHint;
  return (
    <header class="header">
      <p class="wordmark">
        <svg class="wordmark-sign" viewBox="0 0 44 16" aria-hidden="true">
          <rect x="1" y="3" width="10" height="10" rx="2.5" />
          <rect x="17" y="3" width="10" height="10" rx="2.5" />
          <rect x="33" y="3" width="10" height="10" rx="2.5" />
          <path d="M11 8h6M27 8h6" />
        </svg>
        {messages.header.home}
      </p>
      <div class="header-link">
        {note !== null && <p class="hint">{note}</p>}
        <button
          type="button"
          class="button"
          title={hint}
          aria-description={hint}
          aria-disabled={fragment === null}
          onClick={() => void controller.address.copy()}
        >
          <Icon name="link" />
          {store.copied.value ? messages.header.copied : messages.header.copyLink}
        </button>
      </div>
    </header>
  );
}
