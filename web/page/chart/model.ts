import type { Baselines } from '../../worker/protocol.js';
import type { Store } from '../state/store.js';

/** The columns of the chart over one axis of steps, as uPlot wants them; null where a line has no point. */
export interface ChartModel {
  /** The last step of the run: the axis is as long from the beginning, so that nothing moves while it trains. */
  readonly steps: number;
  readonly x: readonly number[];
  readonly raw: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly validation: readonly (number | null)[];
  readonly earlier: readonly (number | null)[];
  readonly baselines: Baselines | null;
}

interface Line {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** What the chart shows of the state. */
export function chartModel(store: Store): ChartModel {
  const view = store.view.value;
  const run = store.run.value;
  const curve = view?.curve;
  const evaluations = view?.evaluations ?? [];
  const earlier = store.earlier.value;
  const [x, columns] = joinLines([
    { steps: curve?.steps ?? [], values: curve?.raw ?? [] },
    { steps: curve?.steps ?? [], values: curve?.mean ?? [] },
    { steps: evaluations.map(({ step }) => step), values: evaluations.map(({ lossNats }) => lossNats) },
    { steps: earlier?.steps ?? [], values: earlier?.losses ?? [] },
  ]);
  const [raw, mean, validation, before] = columns as [Column, Column, Column, Column];
  return {
    steps: run?.config.steps ?? store.config.value.steps,
    x,
    raw,
    mean,
    validation,
    earlier: before,
    baselines: run?.baselines ?? null,
  };
}

type Column = (number | null)[];

/** Lines with points at different steps, put over the union of their steps. Each line's steps ascend. */
export function joinLines(lines: readonly Line[]): [number[], Column[]] {
  const x = [...new Set(lines.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
  const columns = lines.map(({ steps, values }) => {
    let next = 0;
    return x.map((step) => (steps[next] === step ? (values[next++] as number) : null));
  });
  return [x, columns];
}

/** Losses are divided into halves, so that the lower end of the axis moves rarely and in whole steps. */
const AXIS_STEP = 0.5;

/** The range of the loss axis: from just under the lowest line to just over the blind guess. */
export function lossRange(model: ChartModel): [number, number] {
  const { uniform = 4, bigram = 2 } = model.baselines ?? {};
  const finite = (value: number | null): value is number => value !== null && Number.isFinite(value);
  const lows = [...model.mean, ...model.validation, ...model.earlier].filter(finite);
  const lowest = lows.reduce((low, value) => Math.min(low, value), bigram);
  const bottom = Math.max(0, Math.floor((lowest - 0.1) / AXIS_STEP) * AXIS_STEP);
  const first = Math.max(model.mean.find(finite) ?? 0, model.validation.find(finite) ?? 0);
  // A network that has gone wrong may be far above; its line may leave the picture, the others must stay readable.
  return [bottom, Math.max(uniform, Math.min(first, uniform * 1.1)) + 0.25];
}
