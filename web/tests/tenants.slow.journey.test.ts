import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { mouse } from './hand.ts';
import { manageTenant } from './manage-tenants.ts';
import { openBrowser } from './open-browser.ts';
import { followSetupLink, makeTenant } from './walk.ts';
import { watchPage } from './watch-page.ts';

const address = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';
const place = JSON.parse(process.env['CASEMATE_PLACE'] ?? '[]') as string[];
const casemate = join(import.meta.dirname, '../../installer/bin/casemate');

it.each(['dark', 'light'] as const)(
  'an administrator renames, suspends and deletes a tenant in a %s window',
  async (colorScheme) => {
    const made = execFileSync(casemate, ['setup-link', '--json', ...place], { encoding: 'utf8' });
    const browser = await openBrowser(address);
    const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 844 } });
    const faults = await watchPage(page, address);
    const walk = { page, hand: mouse(), address };
    await followSetupLink(walk, (JSON.parse(made) as { url: string }).url, {
      name: 'Manager',
      email: `manager-${randomUUID()}@example.test`,
      password: 'The vault under the hill 7',
    });
    await makeTenant(walk, `Short lived ${colorScheme}`);
    await manageTenant(walk, `Short lived ${colorScheme}`);
    await browser.close();
    expect(faults).toEqual([]);
  },
);
