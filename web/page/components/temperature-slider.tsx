import { useId } from 'preact/hooks';
import { LANGUAGE_FIELDS } from '../../links/tasks.js';
import { messages } from '../messages.js';
import { formatPlain } from '../state/format.js';
import { useApp } from './context.js';
import { ExplainTerm } from './explain-term.js';

/** The part of the range that is worth a slider; links may have values outside of it. */
const MIN = 0.1;
const MAX = 2;

/** From playing safe to daring. */
export function TemperatureSlider() {
  const { store, controller } = useApp();
  const id = useId();
  const { temperature } = store.config.value;
  return (
    <div class="field field-wide">
      <div class="slider-head">
        <label for={id}>{LANGUAGE_FIELDS.temperature.label}</label>
        <ExplainTerm about="temperature">{messages.writing.temperatureFormula}</ExplainTerm>
        <span class="slider-value" aria-hidden="true">
          {formatPlain(temperature)}
        </span>
      </div>
      <input
        id={id}
        type="range"
        min={MIN}
        max={MAX}
        step={0.05}
        value={temperature}
        aria-describedby={`${id}-about`}
        onInput={(event) => controller.change({ temperature: Number(event.currentTarget.value) })}
      />
      <p id={`${id}-about`} class="slider-ends">
        <span>{messages.writing.safe}</span>
        <span>{messages.writing.daring}</span>
      </p>
    </div>
  );
}
