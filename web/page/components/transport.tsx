import { messages } from '../messages.js';
import { isRunning } from '../runs/state.js';
import type { Store } from '../state/store.js';
import { formatCount, formatLoss } from '../state/format.js';
import { useApp } from './context.js';
import { Icon } from './icon.js';
import { Problem } from './problem.js';
import { Readouts } from './readouts.js';
import { TransportNote } from './transport-note.js';

/** The keys of the instrument: train, pause, one step, rewind, new seed, and what they are doing. */
export function Transport() {
  const { store, controller } = useApp();
  const steps = store.run.value?.config.steps ?? store.config.value.steps;
  const refusals = whyNot(store);
  return (
    <div class="transport">
      <div class="keys" role="group" aria-label={messages.transport.label}>
        <MainKey refusal={refusals.train} />
        <Key
          icon="step"
          label={messages.transport.step}
          hint={messages.transport.stepHint}
          refusal={refusals.step}
          onPress={() => void controller.runs.stepOnce()}
        />
        <Key
          icon="rewind"
          label={messages.transport.rewind}
          hint={messages.transport.rewindHint}
          refusal={refusals.rewind}
          onPress={() => void controller.runs.rewind()}
        />
        <Key
          icon="seed"
          label={messages.transport.newSeed}
          hint={messages.transport.newSeedHint}
          refusal={refusals.newSeed}
          onPress={() => void controller.newSeed()}
        />
      </div>
      <Readouts />
      <progress
        class="progress"
        aria-label={messages.transport.progress}
        value={store.step.value}
        max={steps}
        aria-valuetext={`${formatCount(store.step.value)} ${messages.readout.of(formatCount(steps))}`}
      />
      <TransportNote />
      <Problem place="training" otherwise={unstable(store)} />
    </div>
  );
}

/** What is said of a loss that is still a number and yet worse than knowing nothing. */
function unstable(store: Store): string | undefined {
  const blowUp = store.view.value?.blowUp ?? null;
  if (blowUp === null) return undefined;
  const { step, lossNats, blindNats } = blowUp;
  return messages.transport.blowUp(formatCount(step), formatLoss(lossNats), formatLoss(blindNats));
}

/** The one large key: what it says is always the next sensible thing to do. */
function MainKey({ refusal }: { refusal: string | null }) {
  const { store, controller } = useApp();
  const { transport } = messages;
  const { value: state } = store.state;
  if (isRunning(state)) {
    return <Key primary icon="pause" label={transport.pause} onPress={() => void controller.runs.pause()} />;
  }
  if (state.is === 'failed' && store.run.value === null) {
    return <Key primary icon="rewind" label={transport.tryAgain} onPress={() => void controller.runs.prepare()} />;
  }
  const begun = store.step.value > 0 && refusal === null;
  return (
    <Key
      primary
      icon="play"
      label={begun ? transport.continue : transport.train}
      refusal={refusal}
      onPress={() => void controller.runs.train()}
    />
  );
}

/** For each key the reason why it cannot be pressed now, or null. */
function whyNot(store: Store): {
  train: string | null;
  step: string | null;
  rewind: string | null;
  newSeed: string | null;
} {
  const { value: state } = store.state;
  const why = state.is === 'failed' ? state.why : null;
  const { transport } = messages;
  const missing = store.run.value !== null ? null : why !== null ? transport.whyFailed : transport.whyPreparing;
  const refusedRun = missing ?? (why === 'refused' ? transport.whyFailed : null);
  const ruined = why === 'overflowed' ? transport.whyRuined : null;
  const complete =
    store.run.value !== null && store.step.value >= store.run.value.config.steps ? transport.whyFinished : null;
  const running = isRunning(state) ? transport.whyTraining : null;
  return {
    train: refusedRun ?? ruined ?? complete,
    step: refusedRun ?? ruined ?? complete ?? running,
    rewind: missing ?? (store.step.value === 0 && ruined === null ? transport.whyNothingToRewind : null),
    newSeed: missing,
  };
}

/**
 * A key. When it cannot be pressed it stays reachable and says why, instead of going grey and silent: `aria-disabled`
 * keeps it in the tab order, and the reason is its description. Pressed all the same, it says the reason aloud.
 */
function Key(props: {
  icon: 'play' | 'pause' | 'step' | 'rewind' | 'seed';
  label: string;
  hint?: string;
  refusal?: string | null;
  primary?: boolean;
  onPress: () => void;
}) {
  const { controller } = useApp();
  const description = props.refusal ?? props.hint;
  return (
    <button
      type="button"
      class={props.primary === true ? 'key key-primary' : 'key'}
      aria-disabled={props.refusal != null}
      aria-description={description}
      title={description}
      onClick={() => {
        if (props.refusal == null) props.onPress();
        else controller.sayWhyNot(props.refusal);
      }}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
    </button>
  );
}
