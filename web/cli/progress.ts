import { count, duration, nats } from './format.js';
import { columns, drawOver } from './terminal.js';

/** What a progress bar shows. */
export interface ProgressState {
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  /** Units a second. */
  readonly speed: number | null;
  readonly secondsLeft: number | null;
}

/** One line at the bottom of a terminal that is drawn over and over. Without a terminal there is none. */
export class ProgressBar {
  private drawn = false;

  /** @param unit what a speed counts */
  constructor(private readonly unit: string) {}

  show(state: ProgressState): void {
    drawOver(drawProgress(state, this.unit, columns()));
    this.drawn = true;
  }

  /** Takes the line away, so that something can be printed. */
  clear(): void {
    if (this.drawn) drawOver('');
    this.drawn = false;
  }
}

/** The line itself, never longer than the terminal is wide: a longer one would wrap and could not be drawn over. */
export function drawProgress(
  { step, steps, loss, speed, secondsLeft }: ProgressState,
  unit: string,
  columns: number,
): string {
  const share = step / steps;
  const figures = [
    ` ${String(Math.floor(share * 100)).padStart(3)} %  step ${step}/${steps}`,
    ...(loss === null ? [] : [`loss ${nats(loss)}`]),
    ...(speed === null ? [] : [`${count(speed)} ${unit}/s`]),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ].join('  ');
  const width = Math.min(30, columns - figures.length - 1);
  if (width < 5) return figures.slice(0, columns - 1);
  const filled = Math.floor(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled) + figures;
}
