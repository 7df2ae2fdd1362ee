import { messages } from '../messages.js';
import { bitsPerChar, formatCount, formatDuration, formatLoss } from '../state/format.js';
import { isAtRest, isRunning } from '../runs/state.js';
import { remainingSeconds } from '../state/remaining.js';
import type { Store } from '../state/store.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';

/** One line under the keys: what is going on, or what can be done next. */
export function TransportNote() {
  const { store } = useApp();
  const result = store.view.value?.result ?? null;
  return (
    <p class="transport-note">
      {store.whyNot.value ?? store.mended.value ?? describe(store)}
      {result !== null && (
        <>
          {' '}
          <span class="build">{messages.transport.builds[result.build]}</span>{' '}
          <ExplainTerm about="fingerprint">{messages.transport.fingerprint}</ExplainTerm>{' '}
          <code class="fingerprint">{result.fingerprint}</code>
          {store.claimVerdict.value !== null && <span> {messages.claim[store.claimVerdict.value]}</span>}
        </>
      )}
    </p>
  );
}

function describe(store: Store): string {
  const { transport } = messages;
  const view = store.view.value;
  if (store.run.value === null || view === null) return transport.whyPreparing;
  if (view.result !== null) {
    const { testLoss } = view.result;
    return testLoss === null
      ? transport.finishedUntested
      : transport.finished(formatLoss(testLoss), formatLoss(bitsPerChar(testLoss)));
  }
  const { value: state } = store.state;
  if (!isAtRest(state) && view.activity === 'evaluating')
    return view.step === 0 ? transport.step0Evaluation : transport.evaluating;
  if (isRunning(state)) {
    return transport.trainingNow(formatCount(view.epoch + 1));
  }
  if (view.step > 0) return transport.paused;
  if (store.run.value.config.workers > 1) return transport.unmeasured;
  const seconds = remainingSeconds(store);
  return seconds === null ? transport.measuring : transport.ready(formatDuration(seconds));
}
