import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { address, casemateSays, operator } from './installed.ts';
import { look } from './look.ts';
import { openBrowser } from './open-browser.ts';
import { dark, isFault, light, narrow, openWindow, type OpenWalk } from './operator-walk.ts';
import { receiveMail, type Letter, type Mailbox } from './receive-mail.ts';
import { openTenant } from './tenant-desk.ts';
import { signInFor, type Person } from './walk.ts';

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name });
const newPassword = (page: Page): Locator => page.getByRole('textbox', { name: 'New password' });
const drawn = (): string => `Over ${randomBytes(6).toString('hex')} the hill`;

describe('somebody who is invited', () => {
  let browser: Browser;
  let mail: Mailbox;
  let tenantId: string;
  let tenant: string;
  let admin: OpenWalk;
  let them: OpenWalk;
  const person: Person = {
    name: 'Ines Invited',
    email: `ines.${randomBytes(3).toString('hex')}@example.test`,
    password: drawn(),
  };

  beforeAll(async () => {
    mail = await receiveMail();
    const relay = ['--relay', `localhost:${mail.port}`, '--security', 'none'];
    casemateSays(['monitoring', 'mail', ...relay, '--to', 'it@example.test']);
    ({ tenantId, name: tenant } = await openTenant('Legal department'));
    browser = await openBrowser(address);
    admin = await openWindow(browser, dark);
    them = await openWindow(browser, narrow);
    await signInFor(admin, operator, `/t/${tenantId}/team`);
  });
  afterAll(async () => {
    // First of all: whatever failed, the other journeys expect no relay.
    casemateSays(['monitoring', 'mail', 'off']);
    mail.close();
    await browser.close();
    expect([...admin.faults, ...them.faults].filter(isFault)).toEqual([]);
  });

  /** Shows the letter as a mail program does: no scripts, nothing from elsewhere. */
  async function readLetter({ html, subject }: Letter): Promise<void> {
    const context = await browser.newContext({ ...narrow[1], javaScriptEnabled: false });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(html);
    expect(asked).toEqual([]);
    const folder = process.env['CASEMATE_PICTURES'];
    if (folder !== undefined)
      await page.screenshot({ path: `${folder}/letter ${subject}.png`, fullPage: true });
    await page.getByRole('link').waitFor();
    expect(await page.locator('body').evaluate((body) => body.scrollWidth)).toBeLessThan(391);
    await context.close();
  }

  it('AUT-05: gets a letter, sets a password that nobody knows, and is in the team', async () => {
    const { page, hand } = admin;
    await heading(page, 'Nobody is invited').waitFor();
    await look(page, 'team-empty');
    await hand.press(button(page, 'Invite somebody'));
    const dialog = page.getByRole('dialog');
    await hand.write(dialog.getByLabel('E-mail address'), person.email);
    await look(page, 'team-invite');
    await hand.press(button(page, 'Invite'));
    await page.getByText('Mail sent').waitFor();
    await look(page, 'team-invited');
    const letter = await mail.letterTo(person.email, tenant);
    await readLetter(letter);

    await them.page.goto(letter.link);
    await heading(them.page, 'Your invitation').waitFor();
    await look(them.page, 'invitation');
    const field = them.page.getByRole('textbox', { name: 'Password' });
    const accept = button(them.page, 'Accept the invitation');
    await them.hand.write(them.page.getByLabel('Your name'), person.name);
    // On the list of leaked ones, in the usual disguise.
    await them.hand.write(field, 'P@ssw0rd2026!');
    await them.hand.press(accept);
    await them.page.getByText('leaked', { exact: false }).waitFor();
    await look(them.page, 'invitation-refused');
    await them.hand.write(field, person.password);
    await them.hand.press(accept);
    await them.page.locator('main').getByText('Your account is made.').waitFor();
    await look(them.page, 'sign-in-made');
    await them.hand.write(them.page.getByRole('textbox', { name: 'Password' }), person.password);
    await them.hand.press(button(them.page, 'Sign in'));
    await them.page.getByLabel('Your question').waitFor();
    // The link is spent.
    const other = await openWindow(browser, light);
    await other.page.goto(letter.link);
    await heading(other.page, 'This invitation does not work any more').waitFor();
    await look(other.page, 'invitation-spent');
    await other.context.close();
    await page.reload();
    await page.getByRole('list', { name: 'Members' }).getByText(person.name).waitFor();
  });

  it('AUT-07: who forgot the password sets a new one by a letter, and no link opens twice', async () => {
    const { page, hand, context } = await openWindow(browser, light);
    await page.goto(`${address}/sign-in`);
    await hand.press(page.getByRole('link', { name: 'Forgot your password?' }));
    await look(page, 'forgotten');
    await hand.write(page.getByLabel('E-mail address'), person.email);
    await hand.press(button(page, 'Send me a link'));
    await heading(page, 'Look into your mailbox').waitFor();
    await look(page, 'forgotten-sent');
    const letter = await mail.letterTo(person.email, 'Set a new password');
    await readLetter(letter);
    await page.goto(letter.link);
    await newPassword(page).waitFor();
    await look(page, 'reset');
    // One of the last five.
    await hand.write(newPassword(page), person.password);
    await hand.press(button(page, 'Set the password'));
    await page.getByText('last 5', { exact: false }).waitFor();
    person.password = drawn();
    await hand.write(newPassword(page), person.password);
    await hand.press(button(page, 'Set the password'));
    await page.locator('main').getByText('Your new password is set.').waitFor();
    await page.goto('about:blank');
    await page.goto(letter.link);
    await heading(page, 'This link does not work any more').waitFor();
    await look(page, 'reset-spent');
    await context.close();
    // It ended the session of the other window.
    await them.page.reload();
    await heading(them.page, 'Sign in').waitFor();
  });

  it('AUT-02: changes password and address under Security, each with a letter', async () => {
    const { page, hand } = them;
    await signInFor(them, person, '/settings/security');
    await look(page, 'security');
    await hand.write(page.getByRole('textbox', { name: 'Your present password' }), person.password);
    person.password = drawn();
    await hand.write(newPassword(page), person.password);
    await hand.press(button(page, 'Change the password'));
    await page.locator('main').getByText('Changed. Other devices are signed out.').waitFor();
    await mail.letterTo(person.email, 'Your password was changed');

    await hand.press(button(page, 'Change the e-mail address'));
    const dialog = page.getByRole('dialog');
    const before = person.email;
    person.email = `new.${person.email}`;
    await hand.write(dialog.getByLabel('New address'), person.email);
    await hand.write(
      dialog.getByRole('textbox', { name: 'Your present password' }),
      person.password,
    );
    await look(page, 'security-address');
    await hand.press(button(page, 'Send a link there'));
    await page.getByText('A link is on its way').waitFor();
    await mail.letterTo(before, 'Another address was entered');
    const letter = await mail.letterTo(person.email, 'Confirm your new address');
    await readLetter(letter);
    await page.goto(letter.link);
    await heading(page, 'Confirm your new address').waitFor();
    await look(page, 'address-confirm');
    await hand.press(button(page, 'Confirm this address'));
    await page.getByText(`You sign in as ${person.email} now.`).waitFor();
    await mail.letterTo(before, 'The address of your account has changed');
  });

  it('AUT-05: is shut out within seconds, with the page open', async () => {
    await them.page.goto(`${address}/t/${tenantId}/documents`);
    await heading(them.page, 'Documents').first().waitFor();
    const { page, hand } = admin;
    await page.goto(`${address}/platform/people`);
    await hand.write(page.getByLabel('Search'), person.email);
    await hand.press(button(page, `Actions for ${person.email}`));
    await hand.press(page.getByRole('menuitem', { name: 'Deactivate' }));
    await page.getByRole('dialog').waitFor();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await look(page, 'people-deactivate');
    await hand.press(button(page, 'Deactivate it'));
    await page.getByText('Deactivated', { exact: true }).waitFor();
    // Nobody touches this page.
    await them.page
      .locator('main')
      .getByText('Your session has ended.')
      .waitFor({ timeout: 15_000 });
    await look(them.page, 'sign-in-ended');
    await mail.letterTo(person.email, 'Your account was deactivated');
    await them.hand.write(them.page.getByLabel('E-mail address'), person.email);
    await them.hand.write(them.page.getByRole('textbox', { name: 'Password' }), person.password);
    await them.hand.press(button(them.page, 'Sign in'));
    await them.page.getByText('You are not signed in').waitFor();
  });
});
