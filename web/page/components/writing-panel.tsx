import type { ComponentChildren } from 'preact';
import type { ModelSource } from '../../worker/protocol.js';
import { findText } from '../../corpora/catalogue.js';
import { messages } from '../messages.js';
import { formatCount, formatPlain } from '../state/format.js';
import type { Writing } from '../state/store.js';
import { isOwnText } from '../state/settings.js';
import { Choice } from './choice.js';
import { useApp } from './context.js';
import { NumberField } from './number-field.js';
import { Problem } from './problem.js';
import { PromptField } from './prompt-field.js';
import { SampleText } from './sample-panel.js';
import { TemperatureSlider } from './temperature-slider.js';

/** The reader lets the network write: the same beginning, continued by certainty and by dice, side by side. */
export function WritingPanel() {
  const { store, controller } = useApp();
  const writing = store.writing.value;
  const { text } = store.config.value;
  const ready = store.source.value === 'file' || store.run.value !== null;
  const busy = writing?.busy ?? false;
  return (
    <section class="writing" aria-labelledby="writing-heading">
      <div class="section-head">
        <h2 id="writing-heading">{messages.writing.heading}</h2>
        <p>{messages.writing.intro}</p>
      </div>
      <form
        class="writing-controls"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void controller.writer.write();
        }}
      >
        <SourceChoice />
        <PromptField example={isOwnText(text) ? null : (findText(text)?.prompt ?? null)} />
        <TemperatureSlider />
        <div class="fields fields-two">
          <NumberField name="sampleLength" />
          <NumberField name="sampleSeed" />
        </div>
        <button
          type="submit"
          class="key key-primary"
          aria-disabled={!ready}
          aria-description={ready ? undefined : messages.writing.whyPreparing}
        >
          {busy ? messages.writing.stop : messages.writing.write}
        </button>
        <Problem place="generation" />
      </form>
      <div class="outputs" aria-busy={busy}>
        <Output
          title={messages.writing.likeliest}
          about={messages.writing.likeliestAbout}
          writing={writing}
          text={writing?.outputs?.likeliest}
        />
        <Output
          title={messages.writing.sampled(formatPlain(writing?.temperature ?? store.config.value.temperature))}
          about={messages.writing.sampledAbout}
          writing={writing}
          text={writing?.outputs?.sampled}
        />
      </div>
    </section>
  );
}

function SourceChoice() {
  const { store } = useApp();
  const opened = store.opened.value;
  if (opened === null) return null;
  return (
    <Choice<ModelSource>
      legend={messages.writing.source}
      options={[
        { value: 'run', label: messages.writing.sourceRun },
        { value: 'file', label: messages.writing.sourceFile(opened.fileName) },
      ]}
      value={store.source.value}
      onChange={(source) => {
        store.source.value = source;
      }}
    />
  );
}

function Output(props: { title: ComponentChildren; about: string; writing: Writing | null; text: string | undefined }) {
  const { writing, text } = props;
  return (
    <article class="output">
      <h3>{props.title}</h3>
      <p class="output-about">{props.about}</p>
      <div class="output-text" tabIndex={0} role="group" aria-label={String(props.title)}>
        {text === undefined || writing === null ? (
          <span class="placeholder">{messages.writing.empty}</span>
        ) : (
          <SampleText prompt={writing.prompt} text={text} />
        )}
      </div>
      <p class="output-by">{writing?.outputs == null ? '' : writtenBy(writing)}</p>
    </article>
  );
}

function writtenBy(writing: Writing): string {
  return writing.by.kind === 'file'
    ? messages.writing.byFile(writing.by.fileName)
    : messages.writing.by(formatCount(writing.by.step));
}
