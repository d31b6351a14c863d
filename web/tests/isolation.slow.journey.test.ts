import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findBarriers } from './find-barriers.ts';
import { keyboard, mouse, type Hand } from './hand.ts';
import { openBrowser } from './open-browser.ts';
import { goTo } from './walk.ts';
import { watchPage } from './watch-page.ts';

const address = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';
const place = JSON.parse(process.env['CASEMATE_PLACE'] ?? '[]') as string[];
const casemate = join(import.meta.dirname, '../../installer/bin/casemate');

/** An administrator of their own for each window: the link makes one. */
async function openIsolation(page: Page, hand: Hand): Promise<void> {
  const link = execFileSync(casemate, ['setup-link', '--json', ...place], { encoding: 'utf8' });
  await page.goto((JSON.parse(link) as { url: string }).url);
  await hand.write(page.getByLabel('Your name'), 'Attacker of canaries');
  await hand.write(page.getByLabel('E-mail address'), `isolation-${randomUUID()}@example.test`);
  await hand.write(page.getByRole('textbox', { name: 'Password' }), 'The vault under the hill 7');
  await hand.press(page.getByRole('button', { name: 'Create my account' }));
  await page.waitForURL((to) => !to.pathname.startsWith('/setup'));
  await page.goto(`${address}/platform/status`);
  await page.getByRole('heading', { name: 'Platform status' }).waitFor();
  await goTo({ page, hand, address }, 'Isolation');
  await page.getByRole('heading', { name: 'Isolation', level: 1 }).waitFor();
}

describe('an administrator at the isolation page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  const windows: [string, BrowserContextOptions, boolean][] = [
    ['light', { viewport: { width: 1280, height: 860 }, colorScheme: 'light' }, false],
    ['dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }, true],
    ['narrow', { viewport: { width: 390, height: 844 } }, false],
  ];

  it.each(windows)(
    'ISO-09: begins a test, sees it run and end without a leak, in a %s window',
    async (...way) => {
      const [, window, byKeys] = way;
      const context = await browser.newContext(window);
      const page = await context.newPage();
      const faults = await watchPage(page, address);
      const hand = byKeys ? keyboard(page) : mouse();
      await openIsolation(page, hand);
      const begin = page.getByRole('button', { name: 'Test the isolation' });
      await hand.press(begin);
      const running = page.getByRole('status').filter({ hasText: 'Under way' });
      await running.waitFor();
      expect(await begin.isDisabled()).toBe(true);
      expect(await findBarriers(page)).toEqual([]);
      await running.waitFor({ state: 'detached', timeout: 500_000 });
      await page.getByText('rightful twins').waitFor();
      expect(await page.getByText('Nothing leaked', { exact: false }).count()).toBeGreaterThan(0);
      expect(await findBarriers(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
    600_000,
  );
});
