import { factsOf } from '../../engine/cells.js';
import type { Cell } from '../../links/run-config.js';
import { CELLS } from '../../links/run-config.js';
import { messages } from '../messages.js';
import { formatBytes, formatCount } from '../state/format.js';
import { Choice } from './choice.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';
import { NetworkDiagram } from './network-diagram.js';
import { NumberField } from './number-field.js';
import { Problem } from './problem.js';

/** The plainest cell first; ReLU is the variant of one and stands among the settings. */
const CELL_OPTIONS = CELLS.filter((cell) => cell !== 'rnn-relu')
  .sort((a, b) => factsOf(a).blocks - factsOf(b).blocks)
  .map((value) => ({ value, label: messages.network.cells[value] }));

/** The network that learns: its cell, its shape, and a drawing of how it runs along the text. */
export function NetworkPanel() {
  const { store, controller } = useApp();
  const { cell } = store.config.value;
  const plan = store.plan.value;
  return (
    <section class="panel" aria-labelledby="network-heading">
      <h2 id="network-heading">{messages.network.heading}</h2>
      <Choice<Cell>
        legend={messages.network.cell}
        options={CELL_OPTIONS}
        value={cell === 'rnn-relu' ? 'rnn' : cell}
        onChange={(value) => controller.change({ cell: value })}
      />
      <NetworkDiagram />
      <div class="fields fields-two">
        <NumberField name="hiddenSize" compact />
        <NumberField name="numLayers" compact />
      </div>
      <p class="panel-note">
        {plan === null ? (
          <span class="placeholder">{messages.readout.none}</span>
        ) : (
          <ExplainTerm about="parameters">
            {formatCount(plan.parameterCount)} {messages.network.parameters}
          </ExplainTerm>
        )}
        <span class="panel-about">
          {plan !== null && `${formatBytes(plan.memoryBytes)} ${messages.network.memory}. `}
          {messages.network.cellAbout[cell]}
        </span>
      </p>
      <Problem place="network" />
    </section>
  );
}
