/** The lowest loss of the validation part. */
export interface Best {
  readonly step: number;
  readonly lossNats: number;
}

/** Watches the loss of the validation part: which weights are the best, and since when it has not got any better. */
export class BestSoFar {
  constructor(
    /** Evaluations in a row without a lower loss after which the training ends; 0: it does not. */
    private readonly patience: number,
    private best: Best | null,
    private stale: number,
  ) {}

  /** Returns whether it is lower than all before. */
  see(step: number, lossNats: number): boolean {
    const isBest = Number.isFinite(lossNats) && !(this.best !== null && this.best.lossNats <= lossNats);
    if (isBest) this.best = { step, lossNats };
    this.stale = isBest ? 0 : this.stale + 1;
    return isBest;
  }

  /** Whether there is no use in going on. */
  get exhausted(): boolean {
    return this.patience > 0 && this.stale >= this.patience;
  }

  facts(): { readonly best: Best | null; readonly stale: number } {
    return { best: this.best, stale: this.stale };
  }
}
