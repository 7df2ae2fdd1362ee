import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { formatCount } from '../state/format.js';
import { messages } from '../messages.js';
import { readColours } from './colours.js';
import type { ChartColours } from './colours.js';
import { lossRange } from './model.js';
import type { ChartModel } from './model.js';

/** Where the baselines lie, in pixels from the top of the chart. */
export interface BaselineTops {
  readonly uniform: number;
  readonly unigram: number;
  readonly bigram: number;
}

const KINDS = ['uniform', 'unigram', 'bigram'] as const;
const FONT = '12px system-ui, sans-serif';

/** Dashes tell the baselines from each other and from the curves without any colour. */
const DASHES: { readonly [K in (typeof KINDS)[number]]: number[] } = {
  uniform: [2, 4],
  unigram: [6, 4],
  bigram: [12, 4],
};

/**
 * The canvas. It knows uPlot, and nothing else does: it is given models and draws them.
 *
 * It makes itself anew when the colour scheme changes and fits itself to its frame.
 */
export class ChartDrawing {
  readonly #host: HTMLElement;
  readonly #onCursor: (step: number | null) => void;
  readonly #onBaselines: (tops: BaselineTops | null) => void;
  readonly #resize: ResizeObserver;
  readonly #schemes = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
  readonly #repaint = (): void => this.#make();
  #plot: uPlot | null = null;
  #model: ChartModel | null = null;
  #tops = '';

  constructor(
    host: HTMLElement,
    onCursor: (step: number | null) => void,
    onBaselines: (tops: BaselineTops | null) => void,
  ) {
    this.#host = host;
    this.#onCursor = onCursor;
    this.#onBaselines = onBaselines;
    for (const scheme of this.#schemes) scheme.addEventListener('change', this.#repaint);
    this.#resize = new ResizeObserver(() => {
      this.#plot?.setSize(this.#size());
    });
    this.#resize.observe(host);
  }

  draw(model: ChartModel): void {
    const axisChanged = this.#model === null || this.#model.steps !== model.steps;
    this.#model = model;
    if (this.#plot === null || axisChanged) this.#make();
    else this.#plot.setData(data(model));
  }

  /** Puts the cursor at a step, as the arrow keys ask for it. */
  showCursor(step: number | null): void {
    const plot = this.#plot;
    if (plot === null) return;
    plot.setCursor(step === null ? { left: -10, top: -10 } : { left: plot.valToPos(step, 'x'), top: 0 }, false);
  }

  destroy(): void {
    this.#resize.disconnect();
    for (const scheme of this.#schemes) scheme.removeEventListener('change', this.#repaint);
    this.#plot?.destroy();
  }

  #make(): void {
    const model = this.#model;
    if (model === null) return;
    this.#plot?.destroy();
    const colours = readColours(this.#host);
    this.#plot = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        padding: [8, 18, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: false, range: () => [0, this.#model?.steps ?? 1] },
          y: { range: () => lossRange(this.#model ?? model) },
        },
        axes: axes(colours),
        series: series(colours),
        hooks: {
          drawAxes: [(plot) => drawBaselines(plot, this.#model, colours)],
          draw: [(plot) => this.#reportBaselines(plot)],
          setCursor: [
            (plot) => {
              const { left } = plot.cursor;
              // The keyboard's cursor is set without this hook; what arrives here is the pointer's.
              this.#onCursor(left == null || left < 0 ? null : Math.round(plot.posToVal(left, 'x')));
            },
          ],
        },
      },
      data(model),
      this.#host,
    );
  }

  #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: this.#host.clientHeight };
  }

  /** Called after drawing: only then are the scales those of the picture. */
  #reportBaselines(plot: uPlot): void {
    const baselines = this.#model?.baselines ?? null;
    if (baselines === null) return;
    const top = (kind: (typeof KINDS)[number]): number =>
      Math.round(plot.valToPos(baselines[kind], 'y') + plot.bbox.top / devicePixelRatio);
    const tops = { uniform: top('uniform'), unigram: top('unigram'), bigram: top('bigram') };
    const written = JSON.stringify(tops);
    if (written === this.#tops) return;
    this.#tops = written;
    this.#onBaselines(tops);
  }
}

function data(model: ChartModel): uPlot.AlignedData {
  const { x, raw, mean, validation, earlier } = model;
  return [x, raw, mean, earlier, validation] as unknown as uPlot.AlignedData;
}

function axes(colours: ChartColours): uPlot.Axis[] {
  const common = { stroke: colours.axis, font: FONT, labelFont: FONT, labelSize: 20 };
  const tick = { stroke: colours.grid, width: 1, size: 4 };
  return [
    {
      ...common,
      label: messages.chart.axisX,
      size: 28,
      grid: { show: false },
      ticks: tick,
      values: (_, splits) => splits.map(formatCount),
    },
    {
      ...common,
      label: messages.chart.axisY,
      size: 36,
      grid: { stroke: colours.grid, width: 1 },
      ticks: { show: false },
    },
  ];
}

function series(colours: ChartColours): uPlot.Series[] {
  const line = { spanGaps: true, points: { show: false } };
  return [
    {},
    { ...line, stroke: colours.trainFaint, width: 1 },
    { ...line, stroke: colours.train, width: 2 },
    { ...line, stroke: colours.earlier, width: 1.5, dash: [3, 3] },
    {
      ...line,
      stroke: colours.validation,
      width: 2,
      points: { show: true, size: 8, width: 2, stroke: colours.validation, fill: colours.surface },
    },
  ];
}

function drawBaselines(plot: uPlot, model: ChartModel | null, colours: ChartColours): void {
  const baselines = model?.baselines;
  if (baselines == null) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colours.baseline;
  ctx.lineWidth = devicePixelRatio;
  for (const kind of KINDS) {
    const y = Math.round(plot.valToPos(baselines[kind], 'y', true)) + 0.5;
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.setLineDash(DASHES[kind].map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}
