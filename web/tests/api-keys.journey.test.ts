import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { askInstance } from '../../installer/tests/ask-instance.ts';
import { findFlaws } from './find-flaws.ts';
import { address } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { dark, narrow, walkAsOperator } from './operator-walk.ts';
import { goTo, makeTenant } from './walk.ts';

describe('an administrator at the page of API keys', () => {
  let browser: Browser;
  const ask = askInstance(address, process.env['CASEMATE_CA_FILE'] ?? '');
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  it.each([dark, narrow])('RBA-04: makes, uses and revokes keys in a %s window', (...window) =>
    walkAsOperator(browser, window, async (walk) => {
      const { page, hand } = walk;
      await page.goto(`${address}/welcome`);
      await makeTenant(walk, `With programs, ${window[0]}`);
      const tenantId = /\/t\/([\w-]+)/.exec(page.url())?.[1] ?? '';
      await goTo(walk, 'API keys');
      await page.getByRole('heading', { name: 'No key yet' }).waitFor();
      expect(await findFlaws(page)).toEqual([]);
      const button = (name: string) => page.getByRole('button', { name });
      const dialog = page.getByRole('dialog');

      await hand.press(button('Make a service account'));
      await hand.write(dialog.getByLabel('Name'), 'Intranet search');
      await hand.press(dialog.getByRole('button', { name: 'Make it' }));
      await dialog.waitFor({ state: 'hidden' });
      await page.getByText('member, 0 keys', { exact: false }).waitFor();

      await hand.press(button('Make a key').first());
      const make = dialog.getByRole('button', { name: 'Make the key' });
      await make.waitFor();
      expect(await make.isDisabled()).toBe(true);
      expect(await findFlaws(page)).toEqual([]);
      await hand.write(dialog.getByLabel('Name'), 'Nightly import');
      await hand.tick(dialog.getByLabel('List and read documents'));
      await hand.write(dialog.getByLabel('Networks', { exact: false }), '127.0.0.0/8');
      await hand.press(make);
      await dialog.getByText('You see this key this once').waitFor();
      expect(await findFlaws(page)).toEqual([]);
      const key = await dialog.locator('pre').innerText();
      const path = `/api/tenants/${tenantId}/documents`;
      const use = async (): Promise<number> => (await ask('GET', path, { token: key })).status;
      expect(await use()).toBe(200);
      await hand.tick(dialog.getByLabel('I have kept it'));
      await hand.press(dialog.getByRole('button', { name: 'Done' }));
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.content()).not.toContain(key);
      expect(await findFlaws(page)).toEqual([]);

      await hand.press(button('Revoke: Nightly import'));
      await hand.press(dialog.getByRole('button', { name: 'Revoke it' }));
      await page.getByText('Revoked', { exact: true }).waitFor();
      await page.waitForTimeout(2_500);
      expect(await use()).toBe(401);
    }),
  );
});
