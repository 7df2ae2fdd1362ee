import type { Edition } from './edition.js';

/**
 * The texts of the catalogue in UTF-8, by their size and CRC-32. A run is only the same run on the same text, so one that
 * does not match is refused; another edition needs another id. Those without a file are computed. What there is to say
 * about them is in `catalogue.ts`.
 */
export const EDITIONS = {
  'moby-dick': { file: 'moby-dick.txt', bytes: 1_194_529, crc32: '05413d6d' },
  names: { file: 'names.txt', bytes: 59_167, crc32: 'bf9e40dd' },
  sums: { bytes: 200_002, crc32: 'f268721a' },
  brackets: { bytes: 200_007, crc32: '2d33963e' },
  counting: { bytes: 200_011, crc32: '2585ace6' },
  copying: { bytes: 200_008, crc32: '7d3e077f' },
} as const satisfies Readonly<Record<string, Edition & { readonly file?: string }>>;

/** The word in links and on the command line; it never changes its meaning. */
export type TextId = keyof typeof EDITIONS;

/** In the order of the catalogue. */
export const TEXT_IDS = Object.keys(EDITIONS) as readonly TextId[];
