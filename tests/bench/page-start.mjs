/**
 * What a reader waits for who presses Train as soon as there is something to train: milliseconds from navigation, by the
 * page's own clock, until the page is painted, the key can be pressed, and the first step is on the screen.
 */
export function measureStart(site, link) {
  return site.withPage(async (page) => {
    await page.addInitScript(watch);
    await page.goto(site.address + (link === '' ? '' : `#v=1&${link}`), { waitUntil: 'commit' });
    await page.waitForFunction(() => 'firstStep' in globalThis.marks, undefined, { timeout: 60_000 });
    return page.evaluate(() => ({
      'first paint': performance.getEntriesByName('first-contentful-paint')[0].startTime,
      'ready to train': globalThis.marks.ready,
      'end of the first step': globalThis.marks.firstStep,
    }));
  });
}

/** Runs in the page before its own scripts. */
function watch() {
  const marks = (globalThis.marks = {});
  const look = () => {
    const key = document.querySelector('.transport .key-primary[aria-disabled="false"]');
    if (marks.ready === undefined && key !== null) {
      marks.ready = performance.now();
      key.click();
    }
    if ((document.querySelector('progress')?.value ?? 0) >= 1) {
      marks.firstStep = performance.now();
      observer.disconnect();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}
