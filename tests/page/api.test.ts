import { expect, test } from 'vitest';
import { violations } from './support/accessibility.js';
import { useSite } from './support/site.js';

const visit = useSite();

test('the page leads to the library’s interface, and back', async () => {
  const { page } = await visit({ link: 'steps=1' });
  await page.getByRole('link', { name: /^The engine as a library/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Unroll, the library' }).waitFor();
  await page.getByRole('link', { name: 'createRnn()' }).click();
  await page.getByRole('heading', { level: 1, name: 'Class Engine' }).waitFor();
  await page.getByRole('link', { name: '← The page' }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
});

const PAGES = [
  'index.html',
  'documents/The_lecture_s_example.html',
  'documents/nn_cell.h.html',
  'classes/Engine.html',
  'interfaces/OptimizerConfig.html',
];

const SIGHTS = [
  ['light', 1440],
  ['dark', 390],
] as const;

test.each(PAGES.flatMap((name) => SIGHTS.map(([colorScheme, width]) => [name, colorScheme, width] as const)))(
  '%s is readable for everybody: %s at %i pixels',
  async (name, colorScheme, width) => {
    const { page } = await visit({ path: `api/${name}`, colorScheme, viewport: { width, height: 844 } });
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    // The list of everything comes last, from a file of its own.
    await page.locator('#tsd-nav-container a').first().waitFor({ state: 'attached' });
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrollWidth).toBeLessThanOrEqual(width);
    const serious = await violations(page, ['serious', 'critical']);
    expect(serious).toEqual([]);
  },
);

test('its search finds a call', async () => {
  const { page } = await visit({ path: 'api/index.html' });
  await page.locator('#tsd-search-trigger').click();
  await page.locator('#tsd-search-input').fill('beamSearch');
  await page.locator('#tsd-search-results a', { hasText: 'beamSearch' }).first().click();
  await page.waitForURL(/LanguageModel\.html#beamsearch/);
});
