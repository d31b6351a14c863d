import { expect } from '@jest/globals';
import { findFlaws } from './find-flaws.ts';
import type { Walk } from './walk.ts';

/** Renames, suspends, resumes and deletes the tenant of this name, on the page of the platform. */
export async function manageTenant({ page, hand, address }: Walk, name: string): Promise<void> {
  await page.goto(`${address}/platform/tenants`);
  const row = (title: string) => page.getByRole('listitem').filter({ hasText: title });
  const choose = async (title: string, verb: string): Promise<void> => {
    await hand.press(page.getByRole('button', { name: `Actions for ${title}` }));
    await hand.press(page.getByRole('menuitem', { name: verb }));
    await page.getByRole('menu').waitFor({ state: 'detached' });
  };
  const dialog = page.getByRole('dialog');
  await hand.write(page.getByLabel('Search'), name);
  await row(name).waitFor();
  expect(await findFlaws(page)).toEqual([]);

  await choose(name, 'Rename');
  const renamed = `${name} 2`;
  await hand.write(dialog.getByLabel('New name'), renamed);
  await hand.press(dialog.getByRole('button', { name: 'Rename' }));
  await row(renamed).waitFor();

  await choose(renamed, 'Suspend');
  await hand.press(dialog.getByRole('button', { name: 'Suspend it' }));
  await row(renamed).getByText('Suspended').waitFor();
  await choose(renamed, 'Resume');
  await hand.press(dialog.getByRole('button', { name: 'Resume it' }));
  await row(renamed).getByText('Active').waitFor();

  await choose(renamed, 'Delete');
  const last = dialog.getByRole('button', { name: 'Delete it for good' });
  await dialog.waitFor();
  expect(await last.isDisabled()).toBe(true);
  expect(await findFlaws(page)).toEqual([]);
  await hand.write(dialog.getByLabel('Type its name to delete it'), renamed);
  await hand.press(last);
  await page.getByText('No tenant matches').waitFor({ timeout: 30_000 });
}
