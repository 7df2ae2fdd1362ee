import { useId } from 'preact/hooks';
import { messages } from '../messages.js';
import { isAtRest, isRunning } from '../runs/state.js';
import { formatPlain } from '../state/format.js';
import { useApp } from './context.js';
import { NumberField } from './number-field.js';

/** How many threads train together, and a measurement of how many pay. */
export function WorkersChoice() {
  const { store, controller } = useApp();
  const id = useId();
  const advice = store.workersAdvice.value;
  const say = messages.settings;
  const measuring = advice === 'measuring';
  const ready = !measuring && store.run.value !== null && isAtRest(store.state.value);
  return (
    <>
      <NumberField name="workers" />
      <div class="field">
        <span class="field-label" aria-hidden="true">
          {say.workersQuestion}
        </span>
        <button
          type="button"
          class="button"
          aria-label={say.workersMeasureName}
          aria-describedby={id}
          aria-disabled={!ready}
          onClick={() => ready && void controller.adviseWorkers()}
        >
          {measuring ? say.workersMeasuring : say.workersMeasure}
        </button>
        <p id={id} class="field-about workers-advice">
          {advice !== null && advice !== 'measuring'
            ? say.workersAdvice(formatPlain(advice.workers), advice.why)
            : isRunning(store.state.value)
              ? say.workersBusy
              : say.workersMeasureAbout}
        </p>
      </div>
    </>
  );
}
