import { DEFAULTS, writeLink } from '../../build/lib/links/index.js';
import { benchText } from './configs.mjs';

/** Repeated, so that it fits into a link; how fast a text is trained on does not depend on what it says. */
const text = benchText(2000).repeat(20);

/** Characters that the page trains on per second with a configuration, by the clock, once it is under way. */
export async function measureSpeed(site, { cell, hidden, batch, seq, layers = 1 }, seconds) {
  const sizes = { hiddenSize: hidden, numLayers: layers, batchSize: batch, seqLen: seq };
  const run = { cell, ...sizes, text: { own: text }, steps: 1_000_000, evalEvery: 0, sampleEvery: 0 };
  const link = await writeLink({ config: { ...DEFAULTS, ...run } });
  return site.withPage(async (page) => {
    await page.goto(site.address + link);
    await page.locator('.transport .key-primary[aria-disabled="false"]').click();
    const { steps, ms } = await page.evaluate(stepsIn, seconds * 1000);
    return (steps * batch * seq) / (ms / 1000);
  });
}

/** Runs in the page: steps from one change of the progress bar to another, at least `ms` later. */
function stepsIn(ms) {
  return new Promise((resolve) => {
    const bar = document.querySelector('progress');
    let first;
    const observer = new MutationObserver(() => {
      const now = { step: bar.value, time: performance.now() };
      // The first step allocates and compiles.
      if (now.step < 2) return;
      first ??= now;
      if (now.time - first.time < ms) return;
      observer.disconnect();
      resolve({ steps: now.step - first.step, ms: now.time - first.time });
    });
    observer.observe(bar, { attributes: true, attributeFilter: ['value'] });
  });
}
