import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { IsolationRun } from '../src/lib/api/types.ts';
import { findFlaws } from './find-flaws.ts';
import { address } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { dark, light, narrow, openWalk, type OpenWalk } from './operator-walk.ts';
import { goTo } from './walk.ts';

type Runs = { runs: IsolationRun[] };

const PATH = '**/api/platform/isolation';
const patience = { timeout: 300_000 };
const windows = [light, dark, narrow];

describe('an administrator at the isolation page', () => {
  let browser: Browser;
  const open: OpenWalk[] = [];

  beforeAll(async () => {
    browser = await openBrowser(address);
    for (const window of windows) {
      const walk = await openWalk(browser, window);
      open.push(walk);
      await goTo(walk, 'Isolation');
      await walk.page.getByRole('heading', { name: 'Isolation', level: 1 }).waitFor();
    }
  });
  afterAll(() => browser.close());

  const begin = (page: Page) => page.getByRole('button', { name: 'Test the isolation' });
  /** Axe finds nothing, and nothing is cut off. */
  const look = async ({ page }: OpenWalk, name: string): Promise<void> => {
    const folder = process.env['CASEMATE_PICTURES'];
    if (folder !== undefined)
      await page.screenshot({ path: `${folder}/isolation-${name}.png`, fullPage: true });
    expect(await findFlaws(page)).toEqual([]);
  };
  const inEach = async (work: (one: OpenWalk, name: string) => Promise<void>): Promise<void> => {
    for (const [index, one] of open.entries()) await work(one, windows[index]?.[0] ?? '');
  };
  /** The page reads another answer from now on. */
  const answer = async ({ page }: OpenWalk, change: (real: Runs) => Runs): Promise<void> => {
    const response = page.waitForResponse(PATH);
    await page.reload();
    const real = (await (await response).json()) as Runs;
    await page.route(PATH, (route) => route.fulfill({ json: change(real) }));
    await page.reload();
  };

  it('ISO-09: begins a test in one window, and every window sees it run and end', async () => {
    const [first] = open;
    if (!first) throw new Error('no window');
    await first.hand.press(begin(first.page));
    const underWay = (page: Page) => page.getByRole('status').filter({ hasText: 'Under way' });
    await inEach(async (one, name) => {
      if (one !== first) await one.page.reload();
      await underWay(one.page).waitFor();
      expect(await begin(one.page).isDisabled()).toBe(true);
      await look(one, `${name}-running`);
    });
    await inEach(async (one, name) => {
      const { page } = one;
      await underWay(page).waitFor({ state: 'detached', ...patience });
      await page.getByText('rightful twins', { exact: true }).waitFor();
      await page.getByText('Nothing leaked').first().waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await begin(page).isEnabled()).toBe(true);
      await look(one, `${name}-ended`);
      expect(one.faults).toEqual([]);
    });
  });

  it('ISO-09: nothing is louder than a leak', async () => {
    const what = { bytes: 48, rows: 1, effects: 0 };
    const leaks = (['routes', 'tables'] as const).map((kind) => ({
      ...what,
      kind,
      attempt: `${kind}: GET /api/tenants/{tenantId}/documents/{documentId} as a reviewer of A`,
      what: 'the answer holds its canary',
    }));
    await inEach(async (one, name) => {
      await answer(one, ({ runs }) => ({
        runs: runs.map((run, index) =>
          index > 0 || !run.report
            ? run
            : {
                ...run,
                ok: false,
                report: {
                  ...run.report,
                  ok: false,
                  leaks,
                  not_shown: [{ kind: 'files', attempt: 'an original', why: 'no twin succeeded' }],
                },
              },
        ),
      }));
      const loud = one.page.getByRole('alert').filter({ hasText: '2 leaks' });
      await loud.getByText('the answer holds its canary').first().waitFor();
      await one.page.getByText('Something leaked').waitFor();
      await one.page.getByText('no twin succeeded').waitFor();
      await look(one, `${name}-leaks`);
    });
  });

  it('ISO-09: says so when nothing was tested yet, and when the tests can’t be read', async () => {
    await inEach(async (one, name) => {
      await one.page.unrouteAll();
      await answer(one, () => ({ runs: [] }));
      await one.page.getByRole('heading', { name: 'Not tested yet' }).waitFor();
      await look(one, `${name}-empty`);
      expect(one.faults).toEqual([]);
      await one.page.unrouteAll();
      await one.page.route(PATH, (route) => route.fulfill({ status: 503 }));
      await one.page.reload();
      await one.page.getByText('The tests could not be read').waitFor(patience);
      await look(one, `${name}-unread`);
      await one.context.close();
    });
  });
});
