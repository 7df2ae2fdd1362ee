import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { cursorPositions, describeCursor } from '../chart/cursor.js';
import { chartModel } from '../chart/model.js';
import { useDrawing } from '../chart/use-drawing.js';
import { messages } from '../messages.js';
import { BaselineLabels } from './baseline-labels.js';
import { ChartTable } from './chart-table.js';
import { useApp } from './context.js';

/**
 * The loss by step, live.
 *
 * The picture is drawn by uPlot on a canvas; what is on it also stands in the hidden table. As a control it is a
 * slider over the steps: the arrow keys move a cursor, whose values are its text.
 */
export function LossChart() {
  const { store } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const models = useComputed(() => chartModel(store));
  const drawing = useDrawing(host, store, models);
  const model = models.value;
  const cursor = store.cursorStep.value;
  const positions = cursorPositions(model);
  const spoken = cursor === null ? messages.chart.empty : describeCursor(model, cursor);

  const move = (target: number) => {
    const step = positions[Math.min(positions.length - 1, Math.max(0, target))];
    if (step === undefined) return;
    store.cursorStep.value = step;
    drawing.current?.showCursor(step);
  };

  return (
    <figure class="chart">
      <figcaption class="chart-caption">
        <h2 id="chart-heading">{messages.chart.heading}</h2>
        <Legend />
      </figcaption>
      <div class="chart-frame">
        <div
          ref={host}
          class="chart-canvas"
          role="slider"
          tabIndex={0}
          aria-label={messages.chart.label}
          aria-valuemin={0}
          aria-valuemax={model.steps}
          aria-valuenow={cursor ?? 0}
          aria-valuetext={spoken}
          onKeyDown={(event) => {
            const here = cursor === null ? -1 : positions.indexOf(nearestIn(positions, cursor));
            const target = keyTarget(event.key, here, positions.length);
            if (target === null) return;
            event.preventDefault();
            move(target);
          }}
          onBlur={() => {
            store.cursorStep.value = null;
            drawing.current?.showCursor(null);
          }}
        />
        <BaselineLabels />
      </div>
      <p class="chart-readout" aria-hidden="true">
        {cursor === null ? '' : describeCursor(model, cursor)}
      </p>
      <ChartTable model={model} />
    </figure>
  );
}

/** The keys of every slider: one on, ten on, first, last. */
function keyTarget(key: string, here: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return here + 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return here - 1;
    case 'PageUp':
      return here + 10;
    case 'PageDown':
      return here - 10;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

const nearestIn = (positions: readonly number[], step: number): number =>
  positions.reduce((best, each) => (Math.abs(each - step) < Math.abs(best - step) ? each : best), positions[0] ?? 0);

/** Which line is which: each is told by its form as well as by its colour. */
function Legend() {
  const { store } = useApp();
  const earlier = store.earlier.value;
  return (
    <ul class="legend">
      <li class="legend-train">{messages.chart.train}</li>
      <li class="legend-validation">{messages.chart.validation}</li>
      {earlier !== null && <li class="legend-earlier">{messages.chart.earlier(earlier.name)}</li>}
    </ul>
  );
}
