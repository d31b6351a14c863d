import type { Locator, Page } from 'playwright-core';
import { nextCode } from '../../installer/src/egress/second-factor.ts';
import type { Hand } from './hand.ts';

export interface Person {
  name: string;
  email: string;
  password: string;
  /** Keys of their authenticator apps. */
  secrets?: string[];
}

/** A person at the dashboard: the steps of a journey, whatever they work it with. */
export interface Walk {
  page: Page;
  hand: Hand;
  address: string;
}

/** Reading, embedding and answering run on the real model, on as little as two cores. */
const patience = { timeout: 180_000 };
const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: true });
const password = (page: Page): Locator => page.getByRole('textbox', { name: 'Password' });

export async function followSetupLink(
  { page, hand }: Walk,
  link: string,
  person: Person,
): Promise<void> {
  await page.goto(link);
  await hand.write(page.getByLabel('Your name'), person.name);
  await hand.write(page.getByLabel('E-mail address'), person.email);
  await hand.write(password(page), person.password);
  await hand.press(button(page, 'Create my account'));
  person.secrets = [await setUpApp({ page, hand, address: '' })];
  await page.getByRole('heading', { name: 'Make the first tenant' }).waitFor();
}

/** The gate before everything: an authenticator app, and the recovery codes that come with it. */
export async function setUpApp({ page, hand }: Walk): Promise<string> {
  await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  await hand.press(button(page, 'Use an authenticator app'));
  const key = page.getByTestId('totp-key');
  await key.waitFor();
  const secret = (await key.innerText()).replaceAll(/\s/g, '');
  await hand.write(
    page.getByRole('textbox', { name: 'Code', exact: true }),
    await nextCode([secret]),
  );
  await hand.press(button(page, 'Confirm'));
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  await page.getByLabel('I have kept them in a safe place').focus();
  await page.keyboard.press('Space');
  await hand.press(button(page, 'Go on'));
  return secret;
}

/** The second step of signing in, for whoever has an app. */
export async function showCode({ page, hand }: Walk, { secrets }: Person): Promise<void> {
  if (!secrets) return;
  const code = page.getByRole('textbox', { name: 'Code', exact: true });
  await code.waitFor();
  await hand.write(code, await nextCode(secrets));
  await hand.press(button(page, 'Confirm'));
}

export async function signIn({ page, hand, address }: Walk, person: Person): Promise<void> {
  await page.goto(`${address}/welcome`);
  await hand.write(page.getByLabel('E-mail address'), person.email);
  await hand.write(password(page), person.password);
  await hand.press(button(page, 'Sign in'));
  await showCode({ page, hand, address }, person);
  await page.getByLabel('Name of the tenant').waitFor();
}

/** Signs in on the way to a page, and is led there. */
export async function signInFor(
  { page, hand, address }: Walk,
  person: Person,
  path: string,
): Promise<void> {
  await page.goto(`${address}${path}`);
  await hand.write(page.getByLabel('E-mail address'), person.email);
  await hand.write(password(page), person.password);
  await hand.press(button(page, 'Sign in'));
  await showCode({ page, hand, address }, person);
  await page.waitForURL(({ pathname }) => pathname === path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

export async function makeTenant({ page, hand }: Walk, name: string): Promise<void> {
  await hand.write(page.getByLabel('Name of the tenant'), name);
  await hand.press(button(page, 'Create the tenant'));
  await page.getByRole('heading', { name: 'No document yet' }).waitFor(patience);
}

export async function upload(
  { page, hand }: Walk,
  file: { name: string; text: string },
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await hand.press(button(page, 'Upload documents'));
  const buffer = Buffer.from(file.text);
  await (await chooser).setFiles({ name: file.name, mimeType: 'text/markdown', buffer });
  await page.getByRole('link', { name: file.name }).waitFor(patience);
}

/** Asks in a new conversation or the open one; gives the answer once it is complete and checked. */
export async function ask({ page, hand }: Walk, question: string): Promise<Locator> {
  const before = await page.locator('article[data-state=complete]').count();
  await hand.write(page.getByLabel('Your question'), question);
  await page.keyboard.press('Enter');
  const answer = page.locator('article[data-state=complete]').nth(before);
  await answer.locator('[data-verdict]').waitFor(patience);
  return answer;
}

export async function openFirstSource({ page, hand }: Walk, answer: Locator): Promise<string> {
  await hand.press(answer.getByRole('list', { name: 'Sources' }).getByRole('button').first());
  const passage = page.getByTestId('passage');
  await passage.waitFor();
  const text = await passage.innerText();
  await page.keyboard.press('Escape');
  await passage.waitFor({ state: 'hidden' });
  return text;
}

/** Opens the page through the navigation, which is in a drawer where the window is narrow. */
export async function goTo({ page, hand }: Walk, name: string): Promise<void> {
  const menu = button(page, 'Open the navigation');
  if (await menu.isVisible()) await hand.press(menu);
  await hand.press(page.getByRole('link', { name, exact: true }).filter({ visible: true }));
}
