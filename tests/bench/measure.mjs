/** CPU seconds of this process: on a shared machine they tell more than the clock. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Calls `work` until `seconds` of CPU time are over, and returns what it did per second. `work` returns an amount. */
export function ratePerSecond(work, seconds) {
  const start = cpuSeconds();
  let done = 0;
  let elapsed = 0;
  do {
    done += work();
    elapsed = cpuSeconds() - start;
  } while (elapsed < seconds);
  return done / elapsed;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
