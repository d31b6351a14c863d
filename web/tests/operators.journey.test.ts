import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findBarriers } from './find-barriers.ts';
import { keyboard, mouse } from './hand.ts';
import { address, operator } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { goTo, signInFor, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

const patience = { timeout: 300_000 };
const windows: [string, BrowserContextOptions, boolean][] = [
  ['dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }, true],
  ['narrow', { viewport: { width: 390, height: 844 } }, false],
];

describe('an administrator at the pages of keys and secrets', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  async function withWalk(
    [window, byKeys]: [BrowserContextOptions, boolean],
    journey: (walk: Walk) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(window);
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walk: Walk = { page, hand: byKeys ? keyboard(page) : mouse(), address };
    await signInFor(walk, operator, '/platform/status');
    const walked = journey(walk);
    await walked.catch(() => undefined);
    await context.close();
    expect(faults).toEqual([]);
    await walked;
  }

  const look = async (page: Page): Promise<void> => {
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
  };

  it.each(windows)('ENC-03: finds and rotates the wrapping key in a %s window', async (...way) => {
    await withWalk([way[1], way[2]], async (walk) => {
      const { page, hand } = walk;
      const press = (name: string | RegExp) => hand.press(page.getByRole('button', { name }));
      await goTo(walk, 'Keys');
      const row = page.getByRole('listitem').filter({ hasText: 'Wrapping key version' }).first();
      const before = Number(/Wrapping key version (\d+)/.exec(await row.innerText())?.[1]);
      await press(/^Platform/);
      await page.getByText('Fields by version').waitFor();
      await look(page);
      await press('Rotate the wrapping key');
      await page.getByRole('dialog').waitFor();
      await look(page);
      await press('Rotate it');
      await row.getByText(`Wrapping key version ${before + 1}`).waitFor(patience);
      await hand.write(page.getByLabel('Search'), 'no owner of this name');
      await page.getByText('No owner of keys matches').waitFor();
      await look(page);
    });
  });

  it.each(windows)('SEC-03: sees every age and rotates a key in a %s window', async (...way) => {
    await withWalk([way[1], way[2]], async (walk) => {
      const { page, hand } = walk;
      await goTo(walk, 'Secrets');
      const key = page.getByRole('listitem').filter({ hasText: 'signs access tokens' });
      await key.waitFor();
      await look(page);
      await hand.press(key.getByRole('button', { name: /^Rotate/ }));
      await page.getByRole('dialog').waitFor();
      await look(page);
      await hand.press(page.getByRole('button', { name: 'Rotate it' }));
      await key.getByText(/^Rotated on/).waitFor(patience);
      // Whoever is signed in stays so while the new version is not used yet.
      await page.reload();
      await key.waitFor();
    });
  });
});
