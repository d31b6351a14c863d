import type { Page } from 'playwright-core';

/** From now on the open page reads its list as if there were `count` of the first one. */
export async function playMany(
  page: Page,
  { path, list, count }: { path: string; list: string; count: number },
  vary: (index: number) => object,
): Promise<void> {
  const answer = page.waitForResponse(path);
  await page.reload();
  const real = (await (await answer).json()) as Record<string, object[]>;
  const many = Array.from({ length: count }, (_none, index) => ({
    ...real[list]?.[0],
    ...vary(index),
  }));
  await page.route(path, (route) => route.fulfill({ json: { ...real, [list]: many } }));
  await page.reload();
}
