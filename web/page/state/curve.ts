/** Points kept for drawing. More than a wide screen has pixels for the chart, so nothing visible is lost. */
const MAX_POINTS = 2048;

/** The run reports its training loss as the mean over this many steps. */
export const MEAN_STEPS = 50;

/**
 * The drawn line is that mean from step 200 on. Before, the loss falls so fast that a mean over 50 steps would lag far
 * behind it, so it goes over a quarter of the steps there are.
 */
const drawnMeanSteps = (step: number): number => Math.min(MEAN_STEPS, Math.ceil(step / 4));

/**
 * The training loss by step, in a form that can be drawn at any length of a run.
 *
 * Each point stands for `stride` steps: `raw` is their mean, `mean` the running mean at the last of them. When there are too many points, neighbours are merged in pairs and the stride doubles.
 */
export class LossCurve {
  readonly steps: number[] = [];
  readonly raw: number[] = [];
  readonly mean: number[] = [];
  #stride = 1;
  #step = 0;
  #bucketSum = 0;
  #bucketCount = 0;
  readonly #window = new Float64Array(MEAN_STEPS);

  /** The step of the last loss that was added; 0 before the first. */
  get lastStep(): number {
    return this.#step;
  }

  /** The mean of the last MEAN_STEPS losses, or of as many as there are; null before the first. */
  get lastMean(): number | null {
    return this.#step === 0 ? null : this.#meanOfLast(Math.min(this.#step, MEAN_STEPS));
  }

  /** The loss of the last step alone; null before the first. */
  get lastLoss(): number | null {
    return this.#step === 0 ? null : this.#meanOfLast(1);
  }

  /** Adds the losses of the steps that follow the last one. */
  append(losses: ArrayLike<number>): void {
    for (let i = 0; i < losses.length; ++i) this.#push(losses[i] as number);
  }

  #push(loss: number): void {
    this.#window[this.#step % MEAN_STEPS] = loss;
    this.#step += 1;
    this.#bucketSum += loss;
    this.#bucketCount += 1;
    if (this.#bucketCount < this.#stride) return;
    this.steps.push(this.#step);
    this.raw.push(this.#bucketSum / this.#bucketCount);
    this.mean.push(this.#meanOfLast(drawnMeanSteps(this.#step)));
    this.#bucketSum = 0;
    this.#bucketCount = 0;
    if (this.steps.length >= MAX_POINTS) this.#mergePairs();
  }

  #meanOfLast(count: number): number {
    let sum = 0;
    for (let step = this.#step - count; step < this.#step; ++step) sum += this.#window[step % MEAN_STEPS] as number;
    return sum / count;
  }

  #mergePairs(): void {
    const half = this.steps.length / 2;
    for (let i = 0; i < half; ++i) {
      this.steps[i] = this.steps[2 * i + 1] as number;
      this.raw[i] = ((this.raw[2 * i] as number) + (this.raw[2 * i + 1] as number)) / 2;
      this.mean[i] = this.mean[2 * i + 1] as number;
    }
    this.steps.length = this.raw.length = this.mean.length = half;
    this.#stride *= 2;
  }
}
