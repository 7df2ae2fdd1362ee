/** The mean of the last numbers that were added, at most `size` of them. */
export class RecentMean {
  private readonly recent: number[] = [];

  constructor(private readonly size: number) {}

  add(values: Iterable<number>): void {
    for (const value of values) this.recent.push(value);
    this.recent.splice(0, this.recent.length - this.size);
  }

  /** Whether there are as many as it can be of. */
  get full(): boolean {
    return this.recent.length === this.size;
  }

  clear(): void {
    this.recent.length = 0;
  }

  /** Forgets the last ones that were added. */
  drop(count: number): void {
    this.recent.length = Math.max(0, this.recent.length - count);
  }

  /** Those that the mean is of, oldest first. */
  values(): readonly number[] {
    return [...this.recent];
  }

  /** null while there are none. Always summed from old to new, so that slices of any length give the same bits. */
  mean(): number | null {
    if (this.recent.length === 0) return null;
    return this.recent.reduce((sum, value) => sum + value, 0) / this.recent.length;
  }
}
