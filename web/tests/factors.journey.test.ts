import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page, Route } from 'playwright-core';
import { nextCode } from '../../installer/src/egress/second-factor.ts';
import { address, casemateSays, operator } from './installed.ts';
import { look } from './look.ts';
import { openBrowser } from './open-browser.ts';
import { dark, isFault, light, narrow, openWindow, type OpenWalk } from './operator-walk.ts';
import { receiveMessages, type Gateway } from './receive-messages.ts';
import { openTenant, type TenantDesk } from './tenant-desk.ts';
import { until } from './until.ts';
import { setUpApp, signInFor, type Person, type Walk } from './walk.ts';

const SECURITY = '/settings/security';
/** A mobile number in Norway; one gets five codes an hour. */
const NUMBER = `+4741${String(randomInt(100_000, 1_000_000))}`;
const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name });
const code = (page: Page): Locator => page.getByRole('textbox', { name: 'Code', exact: true });

/** Address and password, up to what comes next. */
async function enterPassword({ page, hand }: Walk, person: Person, path = SECURITY): Promise<void> {
  await page.goto(`${address}${path}`);
  await hand.write(page.getByLabel('E-mail address'), person.email);
  await hand.write(page.getByRole('textbox', { name: 'Password' }), person.password);
  await hand.press(button(page, 'Sign in'));
}

async function signOut({ page, hand }: Walk, { name }: Person): Promise<void> {
  const menu = button(page, 'Open the navigation');
  if (await menu.isVisible()) await hand.press(menu);
  await hand.press(page.getByRole('button', { name: new RegExp(name) }).filter({ visible: true }));
  await hand.press(page.getByRole('menuitem', { name: 'Sign out' }));
  await heading(page, 'Sign in').waitFor();
}

/** Chromium's own authenticator, which asks its person nothing (WebAuthn, level 3, 11). */
async function giveAuthenticator({ page, context }: OpenWalk): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
}

describe('somebody with second factors', () => {
  let browser: Browser;
  let gateway: Gateway;
  let desk: TenantDesk;
  let chief: Person;
  let member: Person;
  let window: OpenWalk;
  let codes: string[];
  let memberCodes: string[];
  let sentAt = 0;

  beforeAll(async () => {
    gateway = await receiveMessages();
    casemateSays(['sms', 'http', gateway.url]);
    desk = await openTenant('Works council');
    chief = await desk.join('Carla Chief', 'admin', { withoutFactor: true });
    member = await desk.join('Mona Member', 'member');
    browser = await openBrowser(address);
    window = await openWindow(browser, narrow);
    await giveAuthenticator(window);
  });
  afterAll(async () => {
    casemateSays(['sms', 'off']);
    gateway.close();
    await browser.close();
    expect(window.faults.filter(isFault)).toEqual([]);
  });

  it('MFA-02: a member adds a phone by a code that it gets', async () => {
    const { page, hand } = window;
    await signInFor(window, member, SECURITY);
    await look(page, 'security-no-factor');
    await hand.press(button(page, 'Add a phone'));
    await hand.write(page.getByLabel('Number'), NUMBER);
    await look(page, 'security-phone');
    await hand.press(button(page, 'Send a code'));
    await code(page).waitFor();
    await hand.write(code(page), await gateway.codeTo(NUMBER));
    sentAt = Date.now();
    await hand.press(button(page, 'Confirm'));
    memberCodes = await keepCodes(window);
    await page.getByRole('list', { name: 'Second factors' }).waitFor();
    await signOut(window, member);
  });

  it('MFA-01: whoever decides for others sets up an app by its QR code before all else', async () => {
    const { page, hand } = window;
    await enterPassword(window, chief, `/t/${desk.tenantId}/team`);
    await heading(page, 'Set up a second factor').waitFor();
    await look(page, 'factor-gate');
    await hand.press(button(page, 'Use an authenticator app'));
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await look(page, 'factor-totp');
    const secret = (await page.getByTestId('totp-key').innerText()).replaceAll(/\s/g, '');
    await hand.write(code(page), '000000');
    await hand.press(button(page, 'Confirm'));
    await page
      .getByText('wrong', { exact: false })
      .or(page.locator('[role=alert]'))
      .first()
      .waitFor();
    await hand.write(code(page), await nextCode([secret]));
    await hand.press(button(page, 'Confirm'));
    await heading(page, 'Your recovery codes').waitFor();
    await look(page, 'factor-codes');
    codes = await page
      .getByRole('list', { name: 'Recovery codes' })
      .locator('code')
      .allInnerTexts();
    expect(codes).toHaveLength(10);
    await hand.tick(page.getByLabel('I have kept them in a safe place'));
    await hand.press(button(page, 'Go on'));
    await heading(page, 'Team').waitFor();
    chief.secrets = [secret];
  });

  it('MFA-06: a passkey is the second factor, then the only one', async () => {
    const { page, hand } = window;
    await page.goto(`${address}${SECURITY}`);
    await hand.write(page.getByLabel('Name of the new factor'), 'This laptop');
    await hand.press(button(page, 'Add a passkey'));
    await page.getByRole('list', { name: 'Second factors' }).getByText('This laptop').waitFor();
    await look(page, 'security-factors');
    await signOut(window, chief);
    await enterPassword(window, chief);
    await heading(page, 'Your second factor').waitFor();
    await look(page, 'factor-asked');
    await hand.press(button(page, 'Use a passkey'));
    await heading(page, 'Security').waitFor();
    await signOut(window, chief);
    await hand.press(button(page, 'Sign in with a passkey'));
    await heading(page, 'Second factors').waitFor();
  });

  it('MFA-03: a recovery code opens once, and three wrong answers end the sign-in', async () => {
    const { page, hand } = window;
    const answer = async (given: string): Promise<void> => {
      await hand.write(page.getByRole('textbox', { name: 'Recovery code' }), given);
      await hand.press(button(page, 'Confirm'));
    };
    const enter = async (): Promise<void> => {
      await enterPassword(window, chief);
      await hand.press(button(page, 'Use a recovery code'));
    };
    await signOut(window, chief);
    await enter();
    await answer(codes[0]!);
    await heading(page, 'Recovery codes').waitFor();
    await page.getByText('9 of 10 are left', { exact: false }).waitFor();
    await signOut(window, chief);
    await enter();
    for (let wrong = 0; wrong < 2; wrong += 1) {
      await answer(codes[0]!);
      await page.getByText('That was not accepted').waitFor();
    }
    await look(page, 'factor-refused');
    await answer(codes[0]!);
    await page.getByText('You are not signed in').waitFor();
    await look(page, 'factor-over');
  });

  it('MFA-02: the member signs in with a code that the phone gets', async () => {
    const { page, hand } = window;
    await enterPassword(window, member);
    await button(page, 'Send a code to my phone').waitFor();
    await look(page, 'factor-sms');
    // One code in twenty seconds goes to a number.
    await pause(Math.max(0, sentAt + 21_000 - Date.now()));
    await hand.press(button(page, 'Send a code to my phone'));
    await hand.write(code(page), await gateway.codeTo(NUMBER));
    await look(page, 'factor-sms-sent');
    await hand.press(button(page, 'Confirm'));
    await heading(page, 'Second factors').waitFor();
  });

  it('MFA-05: what weighs much asks for the factor again, and goes on by itself', async () => {
    const { page, hand } = window;
    // Ten minutes later, as this server would say it then.
    await page.route('**/api/me/recovery-codes', refuseOnce('step_up_required'));
    await hand.press(button(page, 'Make new recovery codes'));
    await hand.press(button(page, 'Make new ones'));
    await heading(page, 'Show your second factor again').waitFor();
    await look(page, 'step-up');
    await hand.press(button(page, 'Use a recovery code'));
    await hand.write(page.getByRole('textbox', { name: 'Recovery code' }), memberCodes[0]!);
    await hand.press(button(page, 'Confirm'));
    memberCodes = await keepCodes(window);
  });

  it('SES-02: signs out one device, then all others, and their open pages end', async () => {
    const others = [await openWindow(browser, light), await openWindow(browser, dark)] as const;
    for (const [index, other] of others.entries()) {
      await enterPassword(other, member, `/t/${desk.tenantId}/documents`);
      await other.hand.press(button(other.page, 'Use a recovery code'));
      await other.hand.write(
        other.page.getByRole('textbox', { name: 'Recovery code' }),
        memberCodes[index]!,
      );
      await other.hand.press(button(other.page, 'Confirm'));
      await heading(other.page, 'Documents').first().waitFor();
    }
    const { page, hand } = window;
    await page.reload();
    const devices = page.getByRole('list', { name: 'Devices' });
    await devices.getByText('This one').waitFor();
    await look(page, 'devices');
    expect(await devices.getByRole('listitem').count()).toBe(3);
    await hand.press(devices.getByRole('button').first());
    await until(async () => (await devices.getByRole('listitem').count()) === 2);
    await hand.press(button(page, 'Sign out all other devices'));
    await until(async () => (await devices.getByRole('listitem').count()) === 1);
    // Nobody touches these pages.
    for (const other of others) {
      await other.page
        .locator('main')
        .getByText('Your session has ended.')
        .waitFor({ timeout: 15_000 });
      await other.context.close();
    }
  });

  it('MFA-01: who lost every factor comes in by the link of an administrator', async () => {
    const { page, hand } = window;
    const admin = await openWindow(browser, light);
    await signInFor(admin, operator, '/platform/people');
    await admin.hand.write(admin.page.getByLabel('Search'), chief.email);
    await admin.hand.press(button(admin.page, `Actions for ${chief.email}`));
    await admin.hand.press(admin.page.getByRole('menuitem', { name: 'Link for lost factors' }));
    // A menu that closes is still there for a moment.
    await admin.page.getByRole('menu').waitFor({ state: 'detached' });
    await look(admin.page, 'people-lost');
    await admin.hand.press(button(admin.page, 'Make a link'));
    const link = await admin.page.getByLabel('One-time link').inputValue();
    await look(admin.page, 'people-link');
    await admin.context.close();
    await signOut(window, member);
    await page.goto(link);
    await hand.write(page.getByLabel('E-mail address'), chief.email);
    await hand.write(page.getByRole('textbox', { name: 'Password' }), chief.password);
    await hand.press(button(page, 'Sign in'));
    await page.getByText('You came by an administrator’s link').waitFor();
    await look(page, 'factor-lost');
    await hand.press(button(page, 'Use the link'));
    chief.secrets = [await setUpApp(window)];
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
});

/** The first call of a page that comes is refused with this code; the others go on. */
function refuseOnce(code: string) {
  let refused = false;
  return async (route: Route): Promise<void> => {
    if (refused) return route.fallback();
    refused = true;
    const json = { code, title: 'Refused', detail: 'Show your second factor', status: 403 };
    await route.fulfill({ status: 403, json, contentType: 'application/problem+json' });
  };
}

async function keepCodes({ page, hand }: Walk): Promise<string[]> {
  await heading(page, 'Your recovery codes').waitFor();
  const list = page.getByRole('list', { name: 'Recovery codes' });
  const codes = await list.locator('code').allInnerTexts();
  await hand.tick(page.getByLabel('I have kept them in a safe place'));
  await hand.press(button(page, 'Go on'));
  return codes;
}
