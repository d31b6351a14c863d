import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';
import { address, casemateSays } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { dark, narrow, walkAsOperator } from './operator-walk.ts';
import { goTo } from './walk.ts';

describe('an administrator at the page of guards', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  it.each([dark, narrow])('ISO-04: finds what guards a route in a %s window', (...window) =>
    walkAsOperator(browser, window, async (walk) => {
      const { page } = walk;
      await goTo(walk, 'Guards');
      await page.getByText('Every route and every function', { exact: false }).waitFor();
      await walk.hand.write(page.getByLabel('Find'), 'guards.read');
      await page.getByText('GET /api/platform/guards').waitFor();
      expect(await page.getByRole('list', { name: 'Routes' }).getByRole('listitem').count()).toBe(
        1,
      );
      await walk.hand.write(page.getByLabel('Find'), ' nowhere');
      await page.getByText('Nothing holds all of these words.').waitFor();
      expect(await findFlaws(page)).toEqual([]);
    }),
  );

  it('ISO-11: the command says the same', () => {
    expect(casemateSays(['guards', 'functions'])).toMatch(/definer functions, each guarded/);
    expect(casemateSays(['guards', 'list'])).toMatch(/GET {4}\/api\/platform\/guards/);
  });
});
