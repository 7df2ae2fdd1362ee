import type { Optimizer } from '../../links/run-config.js';
import { messages } from '../messages.js';
import { Choice } from './choice.js';
import { useApp } from './context.js';
import { NumberField } from './number-field.js';

const OPTIMIZER_OPTIONS = (['adam', 'sgd'] as const).map((value) => ({
  value,
  label: messages.settings.optimizers[value],
}));

/** How the network is trained; the rarely changed settings are folded away. */
export function TrainingSettings() {
  const { store } = useApp();
  const { layers, cell } = store.config.value;
  return (
    <section class="settings" aria-labelledby="settings-heading">
      <h2 id="settings-heading">{messages.settings.heading}</h2>
      <div class="fields">
        <NumberField name="steps" />
        <NumberField name="lr" />
        <NumberField name="batch" />
        <NumberField name="seq" />
        <NumberField name="clip" />
        <NumberField name="seed" />
      </div>
      <details class="more">
        <summary>{messages.settings.more}</summary>
        <div class="fields">
          <OptimizerChoice />
          <NumberField name="embedding" />
          <NumberField name="dropout" note={layers === 1 ? messages.settings.dropoutNeedsLayers : undefined} />
          <NumberField name="forgetBias" note={cell === 'lstm' ? undefined : messages.settings.forgetNeedsLstm} />
          <NumberField name="evalEvery" />
          <NumberField name="sampleEvery" />
          <ReluChoice />
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
  const gated = cell !== 'rnn' && cell !== 'rnn-relu';
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
