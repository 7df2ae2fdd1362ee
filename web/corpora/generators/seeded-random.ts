/**
 * A small seeded generator for the synthetic texts: SplitMix32, a Weyl sequence with a mixing step (the 32-bit
 * relative of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Only integer operations,
 * so every machine draws the same numbers. What is trained draws from the engine's own generator, never from this.
 */
export class SeededRandom {
  constructor(private state: number) {}

  /** A whole number from `low` to `high`, both included, each equally likely. */
  between(low: number, high: number): number {
    const span = high - low + 1;
    // Numbers above the last whole multiple of the span are drawn again; a bare remainder would prefer small ones.
    const limit = 2 ** 32 - (2 ** 32 % span);
    let drawn = this.next();
    while (drawn >= limit) drawn = this.next();
    return low + (drawn % span);
  }

  /** One of the elements, each equally likely. */
  pick<Element>(elements: ArrayLike<Element>): Element {
    return elements[this.between(0, elements.length - 1)]!;
  }

  /** 32 random bits. */
  private next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
}

/** Long enough for some epochs of the default run to differ, short enough to be made in a few milliseconds. */
const TARGET_LENGTH = 200_000;

/** A synthetic text: lines drawn from a seed until the text is long enough. */
export function drawLines(seed: number, drawLine: (random: SeededRandom) => string): string {
  const random = new SeededRandom(seed);
  let text = '';
  while (text.length < TARGET_LENGTH) text += `${drawLine(random)}\n`;
  return text;
}
