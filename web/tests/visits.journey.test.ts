import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { address, operator } from './installed.ts';
import { look } from './look.ts';
import { openBrowser } from './open-browser.ts';
import { dark, isFault, narrow, openWindow, type OpenWalk } from './operator-walk.ts';
import { openTenant, type TenantDesk } from './tenant-desk.ts';
import { goTo, signInFor } from './walk.ts';

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name });

describe('somebody who runs the platform and wants to look into a tenant', () => {
  let browser: Browser;
  let desk: TenantDesk;
  let visitor: OpenWalk;
  let admin: OpenWalk;
  const documents = (): string => `${address}/t/${desk.tenantId}/documents`;

  beforeAll(async () => {
    desk = await openTenant('Harbour authority');
    const person = await desk.runToo('Vera Visitor');
    browser = await openBrowser(address);
    visitor = await openWindow(browser, dark);
    admin = await openWindow(browser, narrow);
    await signInFor(visitor, person, '/platform/visits');
    await signInFor(admin, operator, `/t/${desk.tenantId}/visits`);
  });
  afterAll(async () => {
    await browser.close();
    expect([...visitor.faults, ...admin.faults].filter(isFault)).toEqual([]);
  });

  it('RBA-01: sees nothing of it, and asks', async () => {
    const { page, hand } = visitor;
    await heading(page, 'No visit yet').waitFor();
    await look(page, 'visits-empty');
    await page.goto(documents());
    await heading(page, 'This tenant is closed to you').waitFor();
    await page.goto(`${address}/platform/visits`);
    await hand.press(button(page, 'Ask for a visit'));
    const dialog = page.getByRole('dialog');
    await hand.write(dialog.getByRole('combobox', { name: 'Tenant' }), desk.name);
    await page.getByRole('option', { name: desk.name }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await hand.write(dialog.getByLabel('Reason'), 'They say that a document does not open.');
    await look(page, 'visits-ask');
    await hand.press(button(page, 'Ask'));
    await page.getByText('Waits for an answer').waitFor();
    await look(page, 'visits-asked');
    await page.goto(documents());
    await heading(page, 'This tenant is closed to you').waitFor();
  });

  it('RBA-01: is let in by the tenant, which sees what is looked at, and ends it', async () => {
    const { page, hand } = admin;
    const let_in = button(page, 'Let them look');
    await let_in.waitFor({ timeout: 20_000 });
    await look(page, 'visits-request');
    await hand.press(let_in);
    await page.getByText('Open now').waitFor();
    await visitor.page.goto(`${address}/platform/visits`);
    await visitor.hand.press(button(visitor.page, 'Look at the tenant'));
    await heading(visitor.page, 'No document yet').waitFor();
    await visitor.page.getByText('You visit this tenant until').waitFor();
    expect(await button(visitor.page, 'Upload documents').count()).toBe(0);
    await look(visitor.page, 'visit');

    await goTo(admin, 'Documents');
    await page.getByText('Vera Visitor, who runs the platform, may look').waitFor();
    await look(page, 'visited');
    await page.goto(`${address}/t/${desk.tenantId}/visits`);
    await hand.press(button(page, 'What was looked at'));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('/documents').first().waitFor();
    await look(page, 'visit-views');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await hand.press(button(page, 'End it now'));
    await page.getByText('Over', { exact: true }).waitFor();
    await look(page, 'visits-over');
    // Nobody touches this page.
    await heading(visitor.page, 'This tenant is closed to you').waitFor({ timeout: 15_000 });
  });
});
