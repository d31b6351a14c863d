import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { findBarriers } from './find-barriers.ts';
import { keyboard, mouse } from './hand.ts';
import { openBrowser } from './open-browser.ts';
import { goTo, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

const address = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';
const place = JSON.parse(process.env['CASEMATE_PLACE'] ?? '[]') as string[];
const casemate = join(import.meta.dirname, '../../installer/bin/casemate');
const run = (...words: string[]): string =>
  execFileSync(casemate, [...words, ...place], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

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
    const [name, window, byKeys] = way;
    const context = await browser.newContext(window);
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walk: Walk = { page, hand: byKeys ? keyboard(page) : mouse(), address };
    const { url } = JSON.parse(run('setup-link', '--json')) as { url: string };
    await page.goto(url);
    await walk.hand.write(page.getByLabel('Your name'), `Guard ${name}`);
    await walk.hand.write(page.getByLabel('E-mail address'), `guard-${randomUUID()}@example.test`);
    await walk.hand.write(
      page.getByRole('textbox', { name: 'Password' }),
      'The vault under the hill 7',
    );
    await walk.hand.press(page.getByRole('button', { name: 'Create my account' }));
    await page.waitForURL((to) => !to.pathname.startsWith('/setup'));
    await page.goto(`${address}/platform/status`);
    await page.getByRole('heading', { name: 'Platform status' }).waitFor();
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
    expect(run('guards', 'functions')).toMatch(/definer functions, each guarded/);
    expect(run('guards', 'list')).toMatch(/GET {4}\/api\/platform\/guards/);
  });
});
