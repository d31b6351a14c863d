import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';
import { keyboard, mouse } from './hand.ts';
import type { Hand } from './hand.ts';
import { openBrowser } from './open-browser.ts';
import { ask, followSetupLink, goTo, makeTenant, openFirstSource, signIn, upload } from './walk.ts';
import type { Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

const address = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';
const place = JSON.parse(process.env['CASEMATE_PLACE'] ?? '[]') as string[];
const casemate = join(import.meta.dirname, '../../installer/bin/casemate');
const administrator = {
  name: 'First Administrator',
  email: 'admin@example.test',
  password: 'The vault under the hill 7',
};

interface Way {
  way: string;
  window: BrowserContextOptions;
  hand: (page: Page) => Hand;
}
const wide = { width: 1280, height: 860 };
const ways: Way[] = [
  { way: 'in a light window', window: { viewport: wide, colorScheme: 'light' }, hand: mouse },
  { way: 'in a dark window', window: { viewport: wide, colorScheme: 'dark' }, hand: mouse },
  { way: 'in a narrow window', window: { viewport: { width: 390, height: 844 } }, hand: mouse },
  {
    way: 'with the keyboard only',
    window: { viewport: wide, reducedMotion: 'reduce' },
    hand: keyboard,
  },
];

/** A document that holds a token nobody can know beforehand, and says nothing of anything else. */
function handbook(token: string): string {
  return [
    '# Handbook of the north gate',
    '## Notice',
    'The notice period is thirty days to the end of a month. Notice is given in writing.',
    '## Access',
    `The access code of the north gate is ${token}. The porter changes it every spring.`,
    '## Travel',
    'Journeys of more than four hours are made by train.',
  ].join('\n\n');
}

describe('a person at the dashboard', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  async function withWalk({ window, hand }: Way, journey: (walk: Walk) => Promise<void>) {
    const context = await browser.newContext(window);
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walked = journey({ page, hand: hand(page), address });
    await walked.catch(() => undefined);
    await context.close();
    // First, because a fault of the page is often why a step was not to be done.
    expect(faults).toEqual([]);
    await walked;
  }

  async function readCitedAnswer(walk: Walk): Promise<void> {
    const { page } = walk;
    const token = `N-${randomBytes(4).toString('hex').toUpperCase()}`;
    expect(await findFlaws(page)).toEqual([]);
    await upload(walk, { name: 'north-gate.md', text: handbook(token) });
    expect(await findFlaws(page)).toEqual([]);

    await goTo(walk, 'New question');
    const answer = await ask(walk, 'What is the access code of the north gate?');
    expect(await answer.innerText()).toContain(token);
    expect(await openFirstSource(walk, answer)).toContain(token);
    expect(await findFlaws(page)).toEqual([]);

    const other = await ask(walk, 'Who won the ski race at Holmenkollen in 1994?');
    expect(await other.locator('[data-verdict]').getAttribute('data-verdict')).toBe(
      'not_in_documents',
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
  }

  it('who has no account is asked to sign in', async () => {
    await withWalk(ways[0]!, async ({ page }) => {
      await page.goto(`${address}/platform/status`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(page.url()).toContain(`next=${encodeURIComponent('/platform/status')}`);
      expect(await findFlaws(page)).toEqual([]);
    });
  });

  it('becomes an administrator by the set-up link', async () => {
    // The link of the installation ends when another journey asks for one of its own.
    const made = execFileSync(casemate, ['setup-link', '--json', ...place], { encoding: 'utf8' });
    const { url } = JSON.parse(made) as { url: string };
    await withWalk(ways[0]!, async (walk) => {
      await followSetupLink(walk, url, administrator);
      // The storage holds ids; a token would begin as every JSON web token does.
      const stored = await walk.page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      );
      expect(stored).not.toContain('eyJ');
    });
  });

  it.each(ways)('makes a tenant, uploads, asks and opens the cited passage $way', async (way) => {
    await withWalk(way, async (walk) => {
      await signIn(walk, administrator);
      await makeTenant(walk, `Journey ${way.way}`);
      await readCitedAnswer(walk);
    });
  });
});
