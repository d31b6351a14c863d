import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run: (
    page: Document,
    options: { runOnly: string[] },
  ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What is wrong with how the page looks: what axe finds, and what is wider than the window. */
export async function findFlaws(page: Page): Promise<string[]> {
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  return [...(await findBarriers(page)), ...(fits ? [] : ['wider than the window'])];
}

/**
 * What axe finds on the page against WCAG 2.2 AA, one line for each. Waits until nothing moves: text
 * under a dialog that fades has a contrast that nobody sees.
 */
async function findBarriers(page: Page): Promise<string[]> {
  await page.waitForFunction(
    () =>
      document.querySelector('.mantine-Modal-overlay') === null ||
      document.querySelector('.mantine-Modal-content') !== null,
  );
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== 'running' || effect?.getComputedTiming().iterations === Infinity,
      ),
  );
  await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document, {
      runOnly,
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, rules);
}
