import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { ImpactValue } from 'axe-core';

/** What axe finds wrong on the page as it stands, in words; of some impacts only, when they are named. */
export async function violations(page: Page, impacts?: readonly ImpactValue[]): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .setLegacyMode() // else it opens a second page to put together what frames say; there are no frames
    .options({ resultTypes: ['violations'] }) // nothing else is described in full
    .analyze();
  return found
    .filter(({ impact }) => impacts === undefined || impacts.includes(impact ?? null))
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}
