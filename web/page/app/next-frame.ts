/** A hidden page has no frames. It is kept up to date all the same, only more slowly. */
const HIDDEN_FRAME_MS = 250;

/** Calls back before the browser paints next, or after a while when it does not paint. */
export function onNextFrame(callback: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, HIDDEN_FRAME_MS);
}
