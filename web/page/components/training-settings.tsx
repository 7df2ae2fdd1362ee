import { useId } from 'preact/hooks';
import { factsOf } from '../../engine/cells.js';
import type { Optimizer } from '../../links/run-config.js';
import { messages } from '../messages.js';
import type { CurrentRun } from '../runs/slot.js';
import { Choice } from './choice.js';
import { useApp } from './context.js';
import { NumberField } from './number-field.js';
import { WorkersChoice } from './workers-choice.js';

const OPTIMIZER_OPTIONS = (['adam', 'sgd'] as const).map((value) => ({
  value,
  label: messages.settings.optimizers[value],
}));

/** How the network is trained; the rarely changed settings are folded away. */
export function TrainingSettings() {
  const { store } = useApp();
  const { numLayers: layers, cell } = store.config.value;
  return (
    <section class="settings" aria-labelledby="settings-heading">
      <h2 id="settings-heading">{messages.settings.heading}</h2>
      <div class="fields">
        <NumberField name="steps" />
        <NumberField name="learningRate" />
        <NumberField name="batchSize" />
        <NumberField name="seqLen" />
        <NumberField name="clipNorm" />
        <NumberField name="seed" />
        <FastChoice />
      </div>
      <details class="more">
        <summary>{messages.settings.more}</summary>
        <div class="fields">
          <OptimizerChoice />
          <NumberField name="embeddingDim" />
          <NumberField name="dropout" note={layers === 1 ? messages.settings.dropoutNeedsLayers : undefined} />
          <NumberField
            name="forgetBias"
            note={factsOf(cell).gates.includes('f') ? undefined : messages.settings.forgetNeedsLstm}
          />
          <NumberField name="evalEvery" />
          <NumberField name="sampleEvery" />
          <WorkersChoice />
          <ReluChoice />
          <GreedyChoice />
        </div>
      </details>
    </section>
  );
}

function OptimizerChoice() {
  const { store, controller } = useApp();
  return (
    <div class="field">
      <span class="field-label" aria-hidden="true">
        {messages.settings.optimizer}
      </span>
      <Choice<Optimizer>
        legend={messages.settings.optimizer}
        options={OPTIMIZER_OPTIONS}
        value={store.config.value.optimizer}
        onChange={(optimizer) => controller.change({ optimizer })}
      />
      <p class="field-about">{messages.settings.optimizerAbout}</p>
    </div>
  );
}

/** The plain cell's other nonlinearity. With a gated cell there is none to choose. */
function ReluChoice() {
  const { store, controller } = useApp();
  const { cell } = store.config.value;
  const gated = factsOf(cell).gates.length > 0;
  return (
    <div class="field">
      <label class="switch">
        <input
          type="checkbox"
          checked={cell === 'rnn-relu'}
          disabled={gated}
          onChange={(event) => controller.change({ cell: event.currentTarget.checked ? 'rnn-relu' : 'rnn' })}
        />
        {messages.settings.relu}
      </label>
      <p class="field-about">{gated ? messages.settings.reluNeedsRnn : messages.settings.reluAbout}</p>
    </div>
  );
}

/** Speed in exchange for the promise of identical bits. Below it stands what came of it in this browser. */
function FastChoice() {
  const { store, controller } = useApp();
  const id = useId();
  const { fast } = store.config.value;
  return (
    <div class="field field-wide">
      <label class="switch">
        <input
          type="checkbox"
          checked={fast}
          aria-describedby={id}
          onChange={(event) => controller.change({ fast: event.currentTarget.checked })}
        />
        {messages.settings.fast}
      </label>
      <p id={id} class="field-about">
        {messages.settings.fastAbout}
      </p>
      <p class="field-about fast-outcome" aria-live="polite">
        {fast && describeOutcome(store.run.value)}
      </p>
    </div>
  );
}

/** Nothing as long as the run in the worker is one that was not asked to be fast. */
function describeOutcome(run: CurrentRun | null): string | null {
  if (run === null || !run.config.fast) return null;
  const { fastInUse, fastFallback } = messages.settings;
  return run.fallback === null ? fastInUse : fastFallback[run.fallback];
}

/** How the samples along the way are drawn; the panel below always shows both ways. */
function GreedyChoice() {
  const { store, controller } = useApp();
  return (
    <div class="field">
      <label class="switch">
        <input
          type="checkbox"
          checked={store.config.value.greedy}
          onChange={(event) => controller.change({ greedy: event.currentTarget.checked })}
        />
        {messages.settings.greedy}
      </label>
      <p class="field-about">{messages.settings.greedyAbout}</p>
    </div>
  );
}
