import { useEffect, useRef } from 'preact/hooks';
import { messages } from '../messages.js';
import { formatCount } from '../state/format.js';
import { useApp } from './context.js';

/** Asks before a link throws away what has been trained. */
export function LinkQuestion() {
  const { store, controller } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const question = store.question.value;

  useEffect(() => {
    if (question !== null) dialog.current?.showModal();
    else dialog.current?.close();
  }, [question]);

  return (
    <dialog ref={dialog} class="question" aria-labelledby="question-title" onCancel={() => controller.address.stay()}>
      <h2 id="question-title">{messages.link.questionTitle}</h2>
      <p>{messages.link.question(formatCount(question?.steps ?? 0))}</p>
      <div class="row">
        <button type="button" class="button" onClick={() => controller.address.stay()}>
          {messages.link.stay}
        </button>
        <button type="button" class="button button-strong" onClick={() => controller.address.openQuestioned()}>
          {messages.link.open}
        </button>
      </div>
    </dialog>
  );
}
