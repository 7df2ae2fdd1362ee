/** The colours of the chart, as the style sheet has them now: they differ in light, dark and forced colours. */
export interface ChartColours {
  readonly train: string;
  readonly trainFaint: string;
  readonly validation: string;
  readonly baseline: string;
  readonly earlier: string;
  readonly axis: string;
  readonly grid: string;
  readonly surface: string;
}

export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    train: colour('--train'),
    trainFaint: colour('--train-faint'),
    validation: colour('--validation'),
    baseline: colour('--baseline'),
    earlier: colour('--earlier'),
    axis: colour('--ink-soft'),
    grid: colour('--line'),
    surface: colour('--paper'),
  };
}
