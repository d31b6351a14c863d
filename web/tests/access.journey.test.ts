import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Download, Locator, Page } from 'playwright-core';
import { address, operator } from './installed.ts';
import { look } from './look.ts';
import { openBrowser } from './open-browser.ts';
import { dark, isFault, narrow, openWindow, type OpenWalk } from './operator-walk.ts';
import { playMany } from './play-many.ts';
import { openTenant, type TenantDesk } from './tenant-desk.ts';
import { until } from './until.ts';
import { goTo, signInFor, type Person } from './walk.ts';

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name });

describe('an administrator who says what people may', () => {
  let browser: Browser;
  let desk: TenantDesk;
  let admin: OpenWalk;
  let them: OpenWalk;
  let member: Person;
  const place = (path: string): string => `${address}/t/${desk.tenantId}/${path}`;

  beforeAll(async () => {
    desk = await openTenant('Land registry');
    member = await desk.join('Mira Member', 'member');
    browser = await openBrowser(address);
    admin = await openWindow(browser, dark);
    them = await openWindow(browser, narrow);
    await signInFor(admin, operator, `/t/${desk.tenantId}/groups`);
    await signInFor(them, member, `/t/${desk.tenantId}/documents`);
  });
  afterAll(async () => {
    await browser.close();
    expect([...admin.faults, ...them.faults].filter(isFault)).toEqual([]);
  });

  async function save({ page, hand }: OpenWalk, name: string): Promise<string> {
    const saved = page.waitForEvent('download');
    await hand.press(button(page, name));
    const download: Download = await saved;
    return readFileSync(await download.path(), 'utf8');
  }

  it('RBA-01: gives a role by a group, and takes it back, within seconds', async () => {
    const { page, hand } = admin;
    await heading(page, 'No group yet').waitFor();
    await look(page, 'groups-empty');
    await hand.press(button(page, 'Make a group').first());
    const dialog = page.getByRole('dialog');
    await hand.write(dialog.getByLabel('Name'), 'Deciders');
    await dialog.getByRole('combobox', { name: 'Role' }).selectOption('reviewer');
    await look(page, 'groups-make');
    await hand.press(button(page, 'Make the group'));
    await heading(page, 'Nobody is in this group').waitFor();
    await hand.write(page.getByRole('combobox', { name: 'Who comes into the group' }), 'Mira');
    await page.getByRole('option', { name: /Mira Member/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await hand.press(button(page, 'Add'));
    await page.getByRole('list', { name: 'People in the group' }).waitFor();
    await look(page, 'group');
    // A reviewer needs a second factor: nothing else opens any more.
    await them.page.reload();
    await heading(them.page, 'Set up a second factor').waitFor();
    await hand.press(button(page, 'Take out: Mira Member'));
    await heading(page, 'Nobody is in this group').waitFor();
    await them.page.reload();
    await heading(them.page, 'Documents').first().waitFor();
  });

  it('RBA-02: a level and a custom role open and close a page within seconds', async () => {
    const { page, hand } = admin;
    await goTo(admin, 'Roles');
    await heading(page, 'No custom role yet').waitFor();
    await hand.write(page.getByLabel('Asking questions'), '60');
    await hand.press(button(page, 'Set the levels'));
    await look(page, 'roles-empty');
    await them.page.goto(place(''));
    await heading(them.page, 'This page is not for you yet').waitFor();
    await look(them.page, 'page-refused');
    await hand.press(button(page, 'Compose a role'));
    const dialog = page.getByRole('dialog');
    await hand.write(dialog.getByLabel('Name'), 'Librarian');
    await hand.tick(dialog.getByLabel('Upload and delete documents'));
    await look(page, 'roles-compose');
    await hand.press(button(page, 'Compose it'));
    await page.getByText('Nobody has it yet').waitFor();
    await look(page, 'roles');

    await goTo(admin, 'Team');
    await hand.press(button(page, 'Actions for Mira Member'));
    await hand.press(page.getByRole('menuitem', { name: 'Level and custom roles' }));
    await hand.write(dialog.getByLabel('Access level'), '70');
    await hand.tick(dialog.getByLabel('Librarian'));
    await look(page, 'team-access');
    await hand.press(button(page, 'Change it'));
    await page.getByText('access level 70', { exact: false }).waitFor();
    await them.page.reload();
    await them.page.getByLabel('Your question').waitFor();
    await them.page.goto(place('documents'));
    await button(them.page, 'Upload documents').first().waitFor();
    await look(them.page, 'documents-librarian');
  });

  it('RBA-01: reviews who has what, takes it along, and signs', async () => {
    const { page, hand } = admin;
    await goTo(admin, 'Access review');
    await page.getByText('Nobody has reviewed it yet.').waitFor();
    const table = await save(admin, 'CSV');
    expect(table).toContain(member.email);
    expect(table).toContain('Librarian');
    await hand.write(page.getByLabel('Note'), 'Looked at with the works council.');
    await hand.press(button(page, 'I found this right'));
    await page.getByText('as it is now', { exact: false }).waitFor();
    await look(page, 'access-review');
    await page.setViewportSize(narrow[1].viewport!);
    await look(page, 'access-review-narrow');
    await page.setViewportSize(dark[1].viewport!);
  });

  it('AUT-08: opens the tenant to a directory that speaks SCIM, and shuts it out', async () => {
    const { page, hand } = admin;
    await goTo(admin, 'Directory');
    await heading(page, 'No token opens this address').waitFor();
    await look(page, 'directory-empty');
    await hand.press(button(page, 'Make a token'));
    const dialog = page.getByRole('dialog');
    await look(page, 'directory-token');
    await hand.press(button(page, 'Make the token'));
    await dialog.getByText('You see this token this once').waitFor();
    await look(page, 'directory-made');
    const token = await dialog.locator('pre').innerText();
    await hand.tick(dialog.getByLabel('My directory has it'));
    await hand.press(button(page, 'Done'));
    await dialog.waitFor({ state: 'hidden' });
    const base = new URL(await page.locator('code').first().innerText()).pathname;
    const send = async (userName: string): Promise<number> => {
      const json = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName,
        active: true,
      };
      return (await desk.ask('POST', `${base}/Users`, { token, json })).status;
    };
    expect(await send('sami.scim@example.test')).toBe(201);
    await page.reload();
    await page.getByRole('list', { name: 'What came last' }).getByText('sami.scim').waitFor();
    await look(page, 'directory');
    await hand.press(button(page, 'Revoke: Directory'));
    await hand.press(button(page, 'Revoke it'));
    await heading(page, 'No token opens this address').waitFor();
    await until(async () => (await send('late@example.test')) === 401);
  });

  it('RBA-03: reads every route against everybody, and takes the matrix along', async () => {
    const { page } = admin;
    await page.goto(`${address}/platform/guards`);
    await page.getByText('Matrix', { exact: true }).click();
    const matrix = page.getByRole('region', { name: 'Matrix' });
    await matrix.waitFor();
    await look(page, 'matrix');
    expect(await save(admin, 'Save as CSV')).toMatch(/GET.*\/api\/platform\/guards/);
    await page.setViewportSize(narrow[1].viewport!);
    await look(page, 'matrix-narrow');
  });

  it('RBA-01: shows forty-one people and twelve groups, in a narrow window too', async () => {
    const { page } = admin;
    await page.goto(place('team'));
    await page.getByRole('list', { name: 'Members' }).waitFor();
    await playMany(page, { path: '**/api/tenants/*/team', list: 'members', count: 41 }, (n) => ({
      accountId: `019e0000-0000-7000-8000-0000000000${String(n + 10)}`,
      name: `Bartholomäus Müller-Lüdenscheidt ${n}`,
      email: `bartholomaeus.mueller-luedenscheidt.${n}@subsidiary.of.a.long.example.test`,
      groups: [{ name: 'Everybody who decides about requests', role: 'reviewer' }],
      secondFactor: n % 2 === 0 ? 'none' : 'enough',
      you: false,
    }));
    await page.getByText('Lüdenscheidt 40').waitFor();
    await look(page, 'many-team');
    await page.getByLabel('Search').fill('scheidt 40');
    await until(
      async () =>
        (await page.getByRole('list', { name: 'Members' }).getByRole('listitem').count()) === 1,
    );
    await page.goto(place('groups'));
    await page.getByRole('list', { name: 'Groups' }).waitFor();
    await playMany(page, { path: '**/api/tenants/*/groups', list: 'groups', count: 12 }, (n) => ({
      id: `019e0000-0000-7000-8000-0000000001${String(n + 10)}`,
      name: `Everybody who decides about requests of department ${n}`,
      members: n * 7,
    }));
    await page.getByText('of department 11').waitFor();
    await look(page, 'many-groups');
  });
});
