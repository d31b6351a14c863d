import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';
import { address, casemateSays } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { dark, light, narrow, openWalk, walkAsOperator } from './operator-walk.ts';
import { goTo } from './walk.ts';

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

  it.each([dark, narrow])('OBS-01: sees the state of the appliance in a %s window', (...window) =>
    walkAsOperator(browser, window, async (walk) => {
      const { page } = walk;
      await goTo(walk, 'Overview');
      const state = page.getByRole('list', { name: 'State' });
      await state.getByText('4 of 4').waitFor();
      await state.getByText('Until it ends').waitFor();
      await page.getByRole('heading', { name: 'Requests of the last hour' }).waitFor();
      expect(await findFlaws(page)).toEqual([]);
    }),
  );

  it('OBS-01: is told what is open, and that it could not be read', async () => {
    // The page logs the answer of 503 that this walk plays: its faults are not looked at.
    const { context, ...walk } = await openWalk(browser, light);
    const { page } = walk;
    await page.route(OVERVIEW, (route) => route.fulfill({ json: troubled }));
    await goTo(walk, 'Overview');
    await page.getByText('Down: model-server').waitFor();
    await page.getByText('docs/runbooks/part-down.md').waitFor();
    expect(await findFlaws(page)).toEqual([]);
    await page.unroute(OVERVIEW);
    await page.route(OVERVIEW, (route) => route.fulfill({ status: 503, json: {} }));
    await page.goto(`${address}/platform/overview`);
    await page.getByText('The overview could not be read').waitFor({ timeout: 60_000 });
    expect(await findFlaws(page)).toEqual([]);
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
