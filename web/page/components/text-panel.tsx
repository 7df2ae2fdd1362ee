import { TEXTS, findText } from '../../corpora/catalogue.js';
import { messages } from '../messages.js';
import { formatCount } from '../state/format.js';
import { splitExcerpt } from '../state/excerpt.js';
import { isOwnText } from '../state/settings.js';
import { Choice } from './choice.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';
import { Problem } from './problem.js';
import { useLoaded } from './use-loaded.js';

const OWN = 'own';

const OPTIONS = [
  ...TEXTS.map(({ id, title }) => ({ value: id, label: title.replace(/;.*/, '') })),
  { value: OWN, label: messages.text.own },
];

/** The text that is read: which one, how it begins, and how large it is. */
export function TextPanel() {
  const { store, controller } = useApp();
  const { text } = store.config.value;
  const editing = store.editingText.value;
  const Editor = useLoaded(editing, async () => (await import('./text-editor.js')).TextEditor);
  const chosen = editing || isOwnText(text) ? OWN : text;
  return (
    <section class="panel" aria-labelledby="text-heading">
      <h2 id="text-heading">{messages.text.heading}</h2>
      <Choice
        legend={messages.text.choose}
        options={OPTIONS}
        value={chosen}
        onChange={(value) => (value === OWN ? controller.editOwnText(true) : controller.chooseText(value))}
      />
      {!editing ? <Excerpt /> : Editor !== null && <Editor />}
      <Problem place="text" />
    </section>
  );
}

function Excerpt() {
  const { store, controller } = useApp();
  const { text } = store.config.value;
  const run = store.run.value;
  const { marked, rest } = splitExcerpt(run?.excerpt ?? '');
  const entry = isOwnText(text) ? undefined : findText(text);
  return (
    <>
      {/* Its end is faded out and not a control; the whole of it can be reached by scrolling, also with the keyboard. */}
      <div class="excerpt" tabIndex={0} role="group" aria-label={messages.text.excerpt}>
        <p>
          <mark>{marked.join('')}</mark>
          {rest}
        </p>
      </div>
      <p class="panel-note">
        {run === null ? (
          messages.text.loading
        ) : (
          <ExplainTerm about="vocabulary">
            {messages.text.size(
              formatCount(run.info.trainChars + run.info.validationChars + run.info.testChars),
              formatCount(run.info.vocabSize),
            )}
          </ExplainTerm>
        )}
        {entry !== undefined && <span class="panel-about">{entry.about}</span>}
        {isOwnText(text) && (
          <button type="button" class="link-button" onClick={() => controller.editOwnText(true)}>
            {messages.text.edit}
          </button>
        )}
      </p>
    </>
  );
}
