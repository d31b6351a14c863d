import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';

/** Nothing is wrong with how the page looks; where a folder is named, a picture of it is kept. */
export async function look(page: Page, name: string): Promise<void> {
  const flaws = await findFlaws(page);
  const folder = process.env['CASEMATE_PICTURES'];
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  expect({ page: name, flaws }).toEqual({ page: name, flaws: [] });
}
