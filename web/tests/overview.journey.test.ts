import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findBarriers } from './find-barriers.ts';
import { keyboard, mouse } from './hand.ts';
import { address, casemateSays, operator } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { goTo, signInFor, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

const OVERVIEW = '**/api/platform/overview';

/** As the server says it when the model server is away and it has just started. */
const troubled = {
  lookedAt: '2026-11-22T12:03:00.000Z',
  parts: { database: true, 'model-server': false },
  keyServiceSealed: false,
  diskFreeRatio: 0.05,
  logDiskFreeRatio: 0.5,
  certificateSeconds: 86_400,
  ...{ jobs: null, lockouts: null, tenants: null, controls: null, auditChainBroken: null },
  ...{ egressSilent: null, secrets: null, backupSeconds: null, mailed: true, minutes: [] },
  alerts: [
    {
      name: 'CasematePartDown',
      of: 'part=model-server',
      severity: 'critical',
      runbook: 'docs/runbooks/part-down.md',
      summary: 'A part of the appliance does not answer',
      since: '2026-11-22T12:00:00.000Z',
      resolvedAt: null,
    },
  ],
};

describe('an administrator at the overview', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  const windows: [string, BrowserContextOptions, boolean][] = [
    ['dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }, true],
    ['narrow', { viewport: { width: 390, height: 844 } }, false],
  ];
  const fitsAndIsOpen = async (page: Page): Promise<void> => {
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
  };

  it.each(windows)('OBS-01: sees the state of the appliance in a %s window', async (...way) => {
    const [, window, byKeys] = way;
    const context = await browser.newContext(window);
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walk: Walk = { page, hand: byKeys ? keyboard(page) : mouse(), address };
    await signInFor(walk, operator, '/platform/status');
    await goTo(walk, 'Overview');
    const state = page.getByRole('list', { name: 'State' });
    await state.getByText('4 of 4').waitFor();
    await state.getByText('Until it ends').waitFor();
    await page.getByRole('heading', { name: 'Requests of the last hour' }).waitFor();
    await fitsAndIsOpen(page);
    await context.close();
    expect(faults).toEqual([]);
  });

  it('OBS-01: is told what is open, and that it could not be read', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    const walk: Walk = { page, hand: mouse(), address };
    await signInFor(walk, operator, '/platform/status');
    await page.route(OVERVIEW, (route) => route.fulfill({ json: troubled }));
    await goTo(walk, 'Overview');
    await page.getByText('Down: model-server').waitFor();
    await page.getByText('docs/runbooks/part-down.md').waitFor();
    await fitsAndIsOpen(page);
    await page.unroute(OVERVIEW);
    await page.route(OVERVIEW, (route) => route.fulfill({ status: 503, json: {} }));
    await page.goto(`${address}/platform/overview`);
    await page.getByText('The overview could not be read').waitFor({ timeout: 60_000 });
    await fitsAndIsOpen(page);
    await context.close();
  });

  it('OBS-01: the command says the same, and where nothing is mailed it says so', () => {
    let said = '';
    try {
      said = casemateSays(['monitoring', 'alerts']);
    } catch (error) {
      // Exit code 1: one is open on this host, or since the walks before this one.
      said = (error as { stdout: string }).stdout;
    }
    expect(said).toMatch(/There was no alert in the last month|ALERT +OF +STATE +SINCE/);
    expect(() => casemateSays(['monitoring', 'test'])).toThrow('No relay and no receiver');
  });
});
