import type { Boundary } from '../module/boundary.js';
import { aNumber } from '../arguments/fields.js';
import { properties } from '../arguments/own.js';
import { Owner } from '../module/owner.js';
import type { RawSchedule } from '../module/raw-module.js';
import type { ScheduleConfig } from './schedule-config.js';
import { aSchedule } from './schedule-config.js';

/**
 * A learning rate that changes from step to step, for loops that call `applyGradients()` themselves. Made by
 * `Engine.createSchedule()`; a `Trainer` has its own.
 *
 *   model.configureOptimizer({ kind: 'adam', learningRate: schedule.learningRate });
 *   model.applyGradients();
 *   schedule.step();
 */
export class Schedule extends Owner<RawSchedule> {
  /** @internal */
  constructor(boundary: Boundary, config: ScheduleConfig & { readonly learningRate: number }) {
    const { learningRate, ...schedule } = Object.fromEntries(properties(config) ?? []);
    const base = aNumber('Schedule: learningRate', learningRate);
    const own = { ...aSchedule('', schedule), learningRate: base };
    super(
      'Schedule',
      boundary,
      boundary.call(() => boundary.module.createSchedule(own)),
    );
  }

  /** The rate of the next update. */
  get learningRate(): number {
    return this.ask((schedule) => schedule.learningRate());
  }

  /**
   * To the next rate, after an update; a plateau schedule after a measurement, with the metric that it watches.
   *
   * @returns the next rate
   * @throws UnrollError `INVALID_ARGUMENT` without a metric where one is needed, or with one where none is
   */
  step(metric?: number): number {
    const given = metric === undefined ? null : aNumber('Schedule.step: metric', metric);
    return this.call((schedule) => schedule.step(given));
  }

  /** Back to the rate at the start. */
  reset(): void {
    this.call((schedule) => schedule.reset());
  }
}
