import { expect } from 'vitest';

/** Long enough for a busy machine; a test that passes waits for events and never this long. */
export const PATIENCE_MS = 60_000;

/**
 * `await eventually(() => instrument.step()).toBe(1)`: reads until what is read is as expected, so that no test looks
 * before the page has drawn. A failure shows what was read last.
 */
export const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: PATIENCE_MS, interval: 30 });
