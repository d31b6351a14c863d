import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startRealProvider, type RealProvider } from '../../server/tests/real-provider.ts';
import { address, dataDir, operator, providerPort } from './installed.ts';
import { look } from './look.ts';
import { openBrowser } from './open-browser.ts';
import { dark, isFault, light, narrow, openWindow, type OpenWalk } from './operator-walk.ts';
import { playMany } from './play-many.ts';
import { openTenant, type TenantDesk } from './tenant-desk.ts';
import { signInFor } from './walk.ts';

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name });

describe('people who sign in at their own directory', () => {
  let browser: Browser;
  let provider: RealProvider;
  let desk: TenantDesk;
  let admin: OpenWalk;
  let them: OpenWalk;
  const domain = `forest-${randomBytes(3).toString('hex')}.example`;

  beforeAll(async () => {
    const tls = join(dataDir, 'config/tls');
    provider = await startRealProvider({
      redirectUri: `${address}/sign-in/callback`,
      backChannelUri: () => `${address}/api/session/sso/back-channel`,
      afterSignOut: `${address}/sign-in`,
      place: {
        port: providerPort,
        certFile: join(tls, 'server.crt'),
        keyFile: join(tls, 'server.key'),
        caFile: join(tls, 'ca.crt'),
      },
    });
    provider.people.set('ada', {
      ...{ email: `ada@${domain}`, email_verified: true, name: 'Ada Forester' },
      groups: ['foresters'],
    });
    desk = await openTenant('Forest office');
    browser = await openBrowser(address);
    [admin, them] = await Promise.all([openAtProvider(dark), openAtProvider(narrow)]);
  });
  afterAll(async () => {
    await provider.stop();
    await browser.close();
    const faults = [...admin.faults, ...them.faults].filter(isFault);
    // The pages of the provider are not ours.
    expect(faults.filter((fault) => fault.startsWith('policy'))).toEqual([]);
  });

  /** A window that gets nothing from the internet: the pages of this provider ask it for a font. */
  async function openAtProvider(window: Parameters<typeof openWindow>[1]): Promise<OpenWalk> {
    const walk = await openWindow(browser, window);
    await walk.context.route(/googleapis/, (route) => route.abort());
    return walk;
  }

  async function signInThere(page: Page, who: string): Promise<void> {
    await page.locator('input[name=login]').fill(who);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
  }

  async function choose({ page, hand }: OpenWalk, verb: string): Promise<void> {
    await hand.press(button(page, 'Actions for Forest ID'));
    await hand.press(page.getByRole('menuitem', { name: verb }));
  }

  it('AUT-06: the administrator claims a domain, connects the provider, and tests it', async () => {
    const { page, hand } = admin;
    const place = `/t/${desk.tenantId}/single-sign-on`;
    await signInFor(admin, operator, place);
    await heading(page, 'No directory is connected').waitFor();
    await look(page, 'sso-empty');
    await hand.write(page.getByRole('textbox', { name: 'Domain', exact: true }), domain);
    await hand.press(button(page, 'Add'));
    await page.getByText('Not shown yet').waitFor();
    await look(page, 'sso-domain');
    await page.goto(`${address}/platform/single-sign-on`);
    await hand.press(button(page, `Confirm that ${domain} is of ${desk.name}`));
    await page.getByText('Nobody waits for your word.').waitFor();
    await look(page, 'sso-platform');

    await page.goto(`${address}${place}`);
    await page.getByText('Yours', { exact: true }).waitFor();
    await hand.press(button(page, 'Connect a directory'));
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${address}/sign-in/callback`).waitFor();
    await hand.write(dialog.getByLabel('Name'), 'Forest ID');
    await hand.write(dialog.getByLabel('Issuer'), provider.issuer);
    await hand.write(dialog.getByLabel('Client id'), provider.client);
    await hand.write(dialog.getByRole('textbox', { name: 'Client secret' }), provider.secret);
    await hand.write(dialog.getByLabel('E-mail domains'), domain);
    await page.keyboard.press('Enter');
    await hand.write(dialog.getByLabel('Roles of groups'), 'foresters = member');
    await look(page, 'sso-form');
    await hand.press(dialog.getByRole('button', { name: 'Save' }));
    await page.getByText('Draft', { exact: true }).waitFor();
    await look(page, 'sso-draft');

    await choose(admin, 'Test by signing in yourself');
    await signInThere(page, 'ada');
    await heading(page, 'The test went through').waitFor();
    await look(page, 'sso-tested');
    await page.goto(`${address}${place}`);
    await choose(admin, 'What would somebody get?');
    await hand.write(dialog.getByLabel('Their e-mail address'), 'bo@elsewhere.example');
    await hand.press(button(page, 'Work it out'));
    await dialog.getByText('Would not be let in').waitFor();
    await hand.write(dialog.getByLabel('Their e-mail address'), `bo@${domain}`);
    await hand.write(dialog.getByLabel('Their groups'), 'foresters');
    await page.keyboard.press('Enter');
    await hand.press(button(page, 'Work it out'));
    await dialog.getByText('They get the role member.').waitFor();
    await look(page, 'sso-dry-run');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await choose(admin, 'Make active');
    await page.getByText('Active', { exact: true }).waitFor();
    await playMany(
      page,
      { path: '**/api/tenants/*/connections', list: 'connections', count: 3 },
      (n) => ({
        id: `019e0000-0000-7000-8000-0000000000${String(n + 10)}`,
        name: `Directory of a subsidiary with a long name ${n}`,
        unlisted: n === 1 ? ['login.subsidiary.example:443'] : [],
        sound: n !== 2,
      }),
    );
    await page.getByText('Directory of a subsidiary with a long name 2').waitFor();
    await page.setViewportSize(narrow[1].viewport!);
    await look(page, 'sso-many');
    await page.setViewportSize(dark[1].viewport!);
    await page.unrouteAll();
    await page.reload();
  });

  it('AUT-06: somebody comes in by their address alone, and is signed out at both', async () => {
    const { page, hand } = them;
    await page.goto(`${address}/sign-in`);
    await hand.write(page.getByLabel('E-mail address'), `ada@${domain}`);
    await button(page, 'Sign in with Forest ID').waitFor();
    await look(page, 'sign-in-ways');
    await hand.press(button(page, 'Sign in with Forest ID'));
    await signInThere(page, 'ada');
    await page.waitForURL(({ pathname }) => pathname === `/t/${desk.tenantId}`);
    await page.goto(`${address}/settings/security`);
    await page.getByRole('list', { name: 'Connected directories' }).waitFor();
    await look(page, 'security-sso');
    await hand.press(button(page, 'Open the navigation'));
    await hand.press(page.getByRole('button', { name: 'Ada Forester' }).filter({ visible: true }));
    await hand.press(page.getByRole('menuitem', { name: 'Sign out' }));
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.waitForURL(`${address}/sign-in*`);
    await heading(page, 'Sign in').waitFor();
  });

  it('SES-02: a sign-out at the provider ends an open page within seconds', async () => {
    const { page, hand, context } = them;
    await hand.write(page.getByLabel('E-mail address'), `ada@${domain}`);
    await hand.press(button(page, 'Sign in with Forest ID'));
    await signInThere(page, 'ada');
    await page.waitForURL(({ pathname }) => pathname === `/t/${desk.tenantId}`);
    const other = await context.newPage();
    await other.goto(`${provider.issuer}/session/end`);
    await other.getByRole('button', { name: 'Yes, sign me out' }).click();
    await other.getByRole('heading', { name: 'Sign-out Success' }).waitFor();
    await other.close();
    await page.locator('main').getByText('Your session has ended.').waitFor({ timeout: 15_000 });
  });

  it('AUT-06: passwords are shut out, but for the emergency account', async () => {
    const person = await desk.join('Petra Password', 'member');
    const petra = await openWindow(browser, light);
    await signInFor(petra, person, `/t/${desk.tenantId}/documents`);
    const { page, hand } = admin;
    await hand.tick(page.getByLabel('Let people in by single sign-on alone'));
    const account = page.getByRole('combobox', { name: 'Emergency account' });
    await account.selectOption({ label: `${operator.name} · ${operator.email}` });
    const rules = page.getByRole('region', { name: 'Passwords' });
    await look(page, 'sso-only');
    await hand.press(rules.getByRole('button', { name: 'Save' }));
    await heading(petra.page, 'This tenant is closed to you').waitFor({ timeout: 15_000 });
    await look(petra.page, 'sso-only-shut');
    await petra.context.close();
    // The one account that keeps its password.
    const glass = await openWindow(browser, light);
    await signInFor(glass, operator, `/t/${desk.tenantId}/documents`);
    await heading(glass.page, 'Documents').first().waitFor();
    await glass.context.close();
  });
});
