import { expect, it } from '@jest/globals';
import { mouse } from './hand.ts';
import { address, operator } from './installed.ts';
import { manageTenant } from './manage-tenants.ts';
import { openBrowser } from './open-browser.ts';
import { makeTenant, signInFor } from './walk.ts';
import { watchPage } from './watch-page.ts';

it.each(['dark', 'light'] as const)(
  'an administrator renames, suspends and deletes a tenant in a %s window',
  async (colorScheme) => {
    const browser = await openBrowser(address);
    const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 844 } });
    const faults = await watchPage(page, address);
    const walk = { page, hand: mouse(), address };
    await signInFor(walk, operator, '/welcome');
    await makeTenant(walk, `Short lived ${colorScheme}`);
    await manageTenant(walk, `Short lived ${colorScheme}`);
    await browser.close();
    expect(faults).toEqual([]);
  },
);
