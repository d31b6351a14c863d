/**
 * Takes the README's pictures of a running instance whose set-up link is unspent, and of a terminal
 * whose text is in a file: node web/tests/take-pictures.ts ADDRESS SETUP-LINK TERMINAL.txt
 * Needs CASEMATE_CA_FILE, as the journeys do.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { mouse } from './hand.ts';
import { openBrowser } from './open-browser.ts';
import { ask, followSetupLink, goTo, makeTenant, upload } from './walk.ts';

const images = join(import.meta.dirname, '../../docs/images');
const text = [
  '# Staff handbook',
  '## Notice',
  'The notice period is thirty days to the end of a month. Notice is given in writing to the head of the department.',
  '## Travel',
  'Journeys of more than four hours are made by train. The booking code for trains is TR-7741.',
  '## Illness',
  'Whoever falls ill tells the office before nine in the morning. A certificate is needed from the third day.',
].join('\n\n');

async function takeAnswer(browser: Browser, address: string, link: string): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1.5,
  });
  const page = await context.newPage();
  const walk = { page, hand: mouse(), address };
  const person = {
    name: 'Administrator',
    email: 'admin@example.test',
    password: 'The vault under the hill 7',
  };
  await followSetupLink(walk, link, person);
  await makeTenant(walk, 'Head office');
  await upload(walk, { name: 'staff-handbook.md', text });
  await goTo(walk, 'New question');
  const answer = await ask(walk, 'What is the booking code for trains?');
  await answer.getByRole('list', { name: 'Sources' }).getByRole('button').first().click();
  await page.getByTestId('passage').waitFor();
  // The drawer slides in.
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(images, 'answer.png') });
  await context.close();
}

/** The terminal's text as it stood, on a dark page. */
async function takeTerminal(browser: Browser, file: string): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1000, height: 400 },
    deviceScaleFactor: 1.5,
  });
  await page.setContent('<pre></pre>');
  await page.addStyleTag({
    content:
      'body{margin:0;background:#10201f;color:#dcebe8}pre{margin:0;padding:24px 28px;font:13.5px/1.45 "DejaVu Sans Mono",monospace}',
  });
  const shown = readFileSync(file, 'utf8').trimEnd();
  await page.locator('pre').evaluate((element, value) => (element.textContent = value), shown);
  await page.screenshot({ path: join(images, 'install.png'), fullPage: true });
  await page.close();
}

const [address = '', link = '', terminal = ''] = process.argv.slice(2);
const browser = await openBrowser(address);
await takeAnswer(browser, address, link);
await takeTerminal(browser, terminal);
await browser.close();
