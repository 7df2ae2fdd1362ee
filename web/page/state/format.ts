/** Numbers as the reader sees them. The page is written in English, so its numbers are too. */
const LOCALE = 'en-GB';

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 2 });
const loss = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const plain = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 12, useGrouping: false });

/** 1,115,394 */
export const formatCount = (value: number): string => integer.format(value);

/** 1.713: a loss in nats, or bits per character. Always three decimals, so that the digits stand still. */
export const formatLoss = (value: number): string => loss.format(value);

/** 48,200: three digits that matter. A speed is not known better than that. */
export const formatRate = (value: number): string => threeDigits.format(value);

/** 7.94 × 10⁴² where nobody would count the digits; otherwise as a rate. */
export function formatChoices(value: number): string {
  if (value < 1e9 || value === Infinity) return formatRate(value);
  const [digits, exponent] = value.toExponential(2).split('e+');
  return `${digits} × 10${[...exponent!].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')}`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number as it is typed into a field: 0.002, 1000000. */
export const formatPlain = (value: number): string => plain.format(value);

/** 1.3 MB */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${integer.format(bytes)} bytes`;
  const [unit, size] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  return `${threeDigits.format(bytes / (size as number))} ${unit}`;
}

/** 8 s, 1 min 20 s, 2 h 5 min: coarser the longer it is, since it is always an estimate. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 60) return `${Math.round(seconds / 5) * 5} s`.replace('60 s', '1 min');
  const minutes = Math.round(seconds / 60);
  if (seconds < 600) {
    const tens = Math.round((seconds % 60) / 10) * 10;
    const whole = Math.floor(seconds / 60) + (tens === 60 ? 1 : 0);
    return tens % 60 === 0 ? `${whole} min` : `${whole} min ${tens} s`;
  }
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${twoDigits.format(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Nats to bits per character: the same loss, counted in halvings of the choice. */
export const bitsPerChar = (lossNats: number): number => lossNats / Math.LN2;
