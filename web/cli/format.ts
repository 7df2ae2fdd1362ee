const whole = new Intl.NumberFormat('en');

/** 108225 as 108,225. */
export function count(value: number): string {
  return whole.format(Math.round(value));
}

/** A loss in nats with three decimals; a dash where there is none. */
export function nats(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

/** Seconds as 0:07, 12:34 or 1:02:03. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}

/** Nats per character in bits per character. */
export function toBits(lossNats: number): number {
  return lossNats / Math.LN2;
}
