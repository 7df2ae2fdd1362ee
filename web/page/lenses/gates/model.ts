/** Red, green and blue, each 0 to 255. */
export type Colour = readonly [number, number, number];

export interface Colours {
  /** Of 0. */
  readonly zero: Colour;
  /** Of 1 and more, and of -1 and less. */
  readonly positive: Colour;
  readonly negative: Colour;
}

/**
 * The heat map as a picture: a column for each character, a row for each unit. 0 has no colour; values beyond 1, which only a
 * cell state has, have that of 1.
 *
 * @param values (T, H)
 * @returns pixels of H rows and T columns, in red, green, blue and opacity
 */
export function heatMap(values: ArrayLike<number>, units: number, colours: Colours): Uint8ClampedArray<ArrayBuffer> {
  const positions = values.length / units;
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let position = 0; position < positions; ++position) {
    for (let unit = 0; unit < units; ++unit) {
      const value = values[position * units + unit] as number;
      pixels.set([...mixed(value, colours), 255], 4 * (unit * positions + position));
    }
  }
  return pixels;
}

function mixed(value: number, { zero, positive, negative }: Colours): Colour {
  const share = Math.min(1, Math.abs(value));
  const full = value < 0 ? negative : positive;
  const channel = (i: 0 | 1 | 2): number => zero[i] + share * (full[i] - zero[i]);
  return [channel(0), channel(1), channel(2)];
}

/** `#rgb` and `#rrggbb`, as the style sheet writes them. */
export function parseColour(written: string): Colour {
  const digits = written.trim().replace('#', '');
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const value = Number.parseInt(full, 16);
  return Number.isNaN(value) ? [128, 128, 128] : [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Pixels for a row: a few units can be told apart, many still fit on a screen. */
export function rowHeight(units: number): number {
  return Math.max(2, Math.min(10, Math.floor(360 / units)));
}
