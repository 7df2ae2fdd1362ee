import { messages } from '../messages.js';
import { formatCount, formatLoss } from '../state/format.js';
import type { ChartModel } from './model.js';

/** Stops of the keyboard cursor; more would make a long run a long walk. */
const MAX_STOPS = 100;

/** The steps at which the cursor and the table stop: all validated ones, or every so many when there are none. */
export function cursorPositions(model: ChartModel): readonly number[] {
  const validated = model.x.filter((_, i) => model.validation[i] != null);
  const candidates = validated.length >= 2 ? validated : model.x;
  const stride = Math.ceil(candidates.length / MAX_STOPS) || 1;
  return candidates.filter((_, i) => i % stride === 0 || i === candidates.length - 1);
}

/** The losses at a step: the last known of each line at or before it. */
export function lossesAt(model: ChartModel, step: number): { train: number | null; validation: number | null } {
  let train: number | null = null;
  let validation: number | null = null;
  for (let i = 0; i < model.x.length && (model.x[i] as number) <= step; ++i) {
    train = model.mean[i] ?? train;
    validation = model.validation[i] ?? validation;
  }
  return { train, validation };
}

/** The same in words. */
export function describeCursor(model: ChartModel, step: number): string {
  const { train, validation } = lossesAt(model, step);
  return messages.chart.at(
    formatCount(step),
    train === null ? null : formatLoss(train),
    validation === null ? null : formatLoss(validation),
  );
}
