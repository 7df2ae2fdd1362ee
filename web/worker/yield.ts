/**
 * Makes a function that lets waiting messages in between two slices of work.
 *
 * It goes through a message channel and not a timer: timers are slowed down to one a second in hidden tabs, and
 * training would be too. Several tasks may wait at once; each message wakes the one that has waited longest.
 */
export function makeYield(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  // Node keeps a process alive for an open port; tests end without this one.
  (port1 as { unref?: () => void }).unref?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
