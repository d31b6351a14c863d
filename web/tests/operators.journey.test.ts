import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';
import { address } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { dark, narrow, walkAsOperator } from './operator-walk.ts';
import { goTo } from './walk.ts';

const patience = { timeout: 300_000 };
describe('an administrator at the pages of keys and secrets', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  it.each([dark, narrow])(
    'ENC-03: finds and rotates the wrapping key in a %s window',
    (...window) =>
      walkAsOperator(browser, window, async (walk) => {
        const { page, hand } = walk;
        const press = (name: string | RegExp) => hand.press(page.getByRole('button', { name }));
        await goTo(walk, 'Keys');
        const row = page.getByRole('listitem').filter({ hasText: 'Wrapping key version' }).first();
        const before = Number(/Wrapping key version (\d+)/.exec(await row.innerText())?.[1]);
        await press(/^Platform/);
        await page.getByText('Fields by version').waitFor();
        expect(await findFlaws(page)).toEqual([]);
        await press('Rotate the wrapping key');
        await page.getByRole('dialog').waitFor();
        expect(await findFlaws(page)).toEqual([]);
        await press('Rotate it');
        await row.getByText(`Wrapping key version ${before + 1}`).waitFor(patience);
        await hand.write(page.getByLabel('Search'), 'no owner of this name');
        await page.getByText('No owner of keys matches').waitFor();
        expect(await findFlaws(page)).toEqual([]);
      }),
  );

  it.each([dark, narrow])('SEC-03: sees every age and rotates a key in a %s window', (...window) =>
    walkAsOperator(browser, window, async (walk) => {
      const { page, hand } = walk;
      await goTo(walk, 'Secrets');
      const key = page.getByRole('listitem').filter({ hasText: 'signs access tokens' });
      await key.waitFor();
      expect(await findFlaws(page)).toEqual([]);
      await hand.press(key.getByRole('button', { name: /^Rotate/ }));
      await page.getByRole('dialog').waitFor();
      expect(await findFlaws(page)).toEqual([]);
      await hand.press(page.getByRole('button', { name: 'Rotate it' }));
      await key.getByText(/^Rotated on/).waitFor(patience);
      // Whoever is signed in stays so while the new version is not used yet.
      await page.reload();
      await key.waitFor();
    }),
  );
});
