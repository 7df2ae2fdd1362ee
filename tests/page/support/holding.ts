import type { Page, Worker } from 'playwright-core';
import { rewrite } from './rewrite.js';

/**
 * Stands before the training worker's script: no slice of training begins before the page has drawn the last one, nor past
 * the step at which the worker is to hold. A run may be over before a test on a busy machine has learned of its first step.
 */
const HOLDING = `
  const slices = [];
  let step = 0;
  let isDrawn = true;
  const goOn = () => {
    if (isDrawn && !(step >= self.holdAt)) for (const begin of slices.splice(0)) begin();
  };
  self.release = () => {
    self.holdAt = Infinity;
    goOn();
  };
  const send = self.postMessage.bind(self);
  self.postMessage = (message, transfer) => {
    if (message.kind === 'progress') [step, isDrawn] = [message.step, false];
    send(message, transfer);
  };
  addEventListener('message', ({ data }) => {
    if (data.kind !== 'drawn') return;
    isDrawn = true;
    goOn();
  });
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (...args) {
    if (args[0] !== null) return postMessage.apply(this, args);
    slices.push(() => postMessage.apply(this, args));
    goOn();
  };
`;

/**
 * Has every training worker hold at the next of these steps, and those after the last at none, until it is told to
 * `self.release()`.
 *
 * @param script what else stands before theirs
 */
export async function holdTraining(page: Page, holds: readonly number[], script = ''): Promise<void> {
  const left = [...holds];
  await rewrite(page, /\/training-worker-[^/]*\.js$/, async (response) => ({
    body: `{${script} self.holdAt = ${left.shift() ?? Infinity}; ${HOLDING}}\n${await response.text()}`,
  }));
}

export const isReplica = (url: string): boolean => /\/worker-[^/]*\.js$/.test(url);

/** The training worker; one that has died is waited for until another is there. */
export async function trainingWorker(page: Page): Promise<Worker> {
  const isOurs = (each: Worker): boolean => !isReplica(each.url());
  return page.workers().findLast(isOurs) ?? page.waitForEvent('worker', isOurs);
}
