import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { findBarriers } from './find-barriers.ts';
import { keyboard, mouse } from './hand.ts';
import { address, casemateSays, operator } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { goTo, signInFor, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

describe('an administrator at the page of guards', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  const windows: [string, BrowserContextOptions, boolean][] = [
    ['dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }, true],
    ['narrow', { viewport: { width: 390, height: 844 } }, false],
  ];

  it.each(windows)('ISO-04: finds what guards a route in a %s window', async (...way) => {
    const [, window, byKeys] = way;
    const context = await browser.newContext(window);
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walk: Walk = { page, hand: byKeys ? keyboard(page) : mouse(), address };
    await signInFor(walk, operator, '/platform/status');
    await goTo(walk, 'Guards');
    await page.getByText('Every route and every function', { exact: false }).waitFor();
    await walk.hand.write(page.getByLabel('Find'), 'guards.read');
    await page.getByText('GET /api/platform/guards').waitFor();
    expect(await page.getByRole('list', { name: 'Routes' }).getByRole('listitem').count()).toBe(1);
    await walk.hand.write(page.getByLabel('Find'), ' nowhere');
    await page.getByText('Nothing holds all of these words.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
    await context.close();
    expect(faults).toEqual([]);
  });

  it('ISO-11: the command says the same', () => {
    expect(casemateSays(['guards', 'functions'])).toMatch(/definer functions, each guarded/);
    expect(casemateSays(['guards', 'list'])).toMatch(/GET {4}\/api\/platform\/guards/);
  });
});
