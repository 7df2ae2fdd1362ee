import type { APIResponse, BrowserContext, Page, Route } from 'playwright-core';

type Changes = NonNullable<Parameters<Route['fulfill']>[0]>;

/** What the server answers to these requests is changed on its way. What is on its way when a test ends is dropped. */
export async function rewrite(
  where: Page | BrowserContext,
  url: Parameters<Page['route']>[0],
  change: (response: APIResponse) => Changes | Promise<Changes>,
): Promise<void> {
  await where.route(url, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, ...(await change(response)) });
    } catch (error) {
      if (!/closed|disposed/.test((error as Error).message)) throw error;
    }
  });
}
