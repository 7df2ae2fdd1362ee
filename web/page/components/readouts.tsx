import type { ComponentChildren } from 'preact';
import { messages } from '../messages.js';
import { formatCount, formatDuration, formatLoss, formatRate } from '../state/format.js';
import { remainingSeconds } from '../state/remaining.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';

/** The five dials of the instrument. Their places and widths never change, so the digits stand still. */
export function Readouts() {
  const { store } = useApp();
  const view = store.view.value;
  const total = store.run.value?.config.steps ?? store.config.value.steps;
  const trainLoss = view?.curve.lastMean ?? null;
  const valLoss = view?.evaluations.at(-1)?.lossNats ?? null;
  const measured = store.speed.value?.trainPerSecond ?? null;
  const charsPerSecond = view?.speedometer.charsPerSecond ?? measured;
  const seconds = remainingSeconds(store);
  const { readout } = messages;
  return (
    <dl class="readouts">
      <Readout name={readout.step} value={formatCount(view?.step ?? 0)} detail={readout.of(formatCount(total))} />
      <Readout
        name={<ExplainTerm about="trainLoss">{readout.trainLoss}</ExplainTerm>}
        value={trainLoss === null ? null : formatLoss(trainLoss)}
        role="train"
      />
      <Readout
        name={<ExplainTerm about="validationLoss">{readout.valLoss}</ExplainTerm>}
        value={valLoss === null ? null : formatLoss(valLoss)}
        role="validation"
      />
      <Readout
        name={<ExplainTerm about="speed">{readout.speed}</ExplainTerm>}
        value={charsPerSecond === null ? null : formatRate(charsPerSecond)}
      />
      <Readout
        name={
          <ExplainTerm about="time">
            {view === null || view.step === 0 ? readout.timeNeeded : readout.timeLeft}
          </ExplainTerm>
        }
        value={seconds === null ? null : readout.about(formatDuration(seconds))}
      />
    </dl>
  );
}

function Readout(props: {
  name: ComponentChildren;
  value: string | null;
  detail?: string;
  role?: 'train' | 'validation';
}) {
  return (
    <div class={props.role === undefined ? 'readout' : `readout readout-${props.role}`}>
      <dt>{props.name}</dt>
      <dd>
        <span class="readout-value">{props.value ?? messages.readout.none}</span>
        {props.detail !== undefined && <span class="readout-detail"> {props.detail}</span>}
      </dd>
    </div>
  );
}
