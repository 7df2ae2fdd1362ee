/** How many times what blind guessing costs is far above it: for many steps together, or the validation text ... */
const FAR = 3;
/** ... and for a single step, which may be an unlucky one. */
const FAR_FOR_ONE_STEP = 10;
/** As many as the engine's mean is of. */
const MANY_STEPS = 50;

/** A loss far above that of guessing blindly: training has become unstable, and goes on. Losses are in nats per character. */
export interface BlowUp {
  readonly type: 'blow-up';
  /** Steps done by then. */
  readonly step: number;
  readonly lossNats: number;
  /** What guessing blindly among all characters costs: ln(vocab_size). */
  readonly blindNats: number;
}

/**
 * Watches a run for losses that are still numbers and yet worse than knowing nothing:
 *
 *   a step that costs more than 10 ln V, or recent steps on average or an evaluation that cost more than 3 ln V
 *
 * An untrained network costs about ln V, and so does one that has unlearned everything. It is told once a run, at the
 * same step however the run is sliced.
 */
export class BlowUpWatch {
  #told = false;

  /** What guessing blindly costs: ln V among V characters. */
  constructor(private readonly blindNats: number) {}

  /** Whether there was one. */
  get told(): boolean {
    return this.#told;
  }

  /** A rewound run may blow up again; one that goes on elsewhere remembers. */
  clear(told = false): void {
    this.#told = told;
  }

  /** Looks at each of the steps after `before`: at its loss, and at the mean over the last 50 with it. */
  afterSteps(before: number, losses: Float64Array, recentLosses: Float64Array): readonly BlowUp[] {
    const found: BlowUp[] = [];
    losses.forEach((loss, i) => {
      const step = before + i + 1;
      if (loss > FAR_FOR_ONE_STEP * this.blindNats) found.push(...this.tell(step, loss));
      else if (step >= MANY_STEPS) found.push(...this.look(step, recentLosses[i]!));
    });
    return found;
  }

  /** That of untrained weights says nothing of training. */
  afterEvaluation({ step, lossNats }: { readonly step: number; readonly lossNats: number }): readonly BlowUp[] {
    return step === 0 ? [] : this.look(step, lossNats);
  }

  private look(step: number, lossNats: number): readonly BlowUp[] {
    return lossNats > FAR * this.blindNats ? this.tell(step, lossNats) : [];
  }

  private tell(step: number, lossNats: number): readonly BlowUp[] {
    // A single character is nothing to guess at.
    if (this.#told || this.blindNats === 0) return [];
    this.#told = true;
    return [{ type: 'blow-up', step, lossNats, blindNats: this.blindNats }];
  }
}
