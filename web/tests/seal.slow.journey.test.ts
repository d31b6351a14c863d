import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findFlaws } from './find-flaws.ts';
import { mouse } from './hand.ts';
import { address, casemateSays as run, operator, place } from './installed.ts';
import { openBrowser } from './open-browser.ts';
import { plantDocument } from './plant-document.ts';
import { filesWith, snapshotOf } from './search-installation.ts';
import { ask, goTo, signInFor, upload, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

const pictures = process.env['CASEMATE_PICTURES'];

type Status = { tenants: { name: string; sealed: boolean; reason: string | null }[] };

describe('a key holder at a tenant that holds its own seal', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(address);
  });
  afterAll(() => browser.close());

  const patience = { timeout: 120_000 };
  const home = place[place.indexOf('--data-dir') + 1] ?? '/nowhere';
  const sealOf = (name: string): Status['tenants'][number] | undefined =>
    (JSON.parse(run(['seal', 'status', '--json'])) as Status).tenants.find(
      (tenant) => tenant.name === name,
    );

  it('ENC-11: draws the shares, works, seals it, opens it, and comes back after a restart', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const faults = await watchPage(page, address);
    const walk: Walk = { page, hand: mouse(), address };
    const show = async (name: string): Promise<void> => {
      expect(await findFlaws(page)).toEqual([]);
      if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    };
    const press = (name: string | RegExp): Promise<void> =>
      walk.hand.press(page.getByRole('button', { name }));
    const journey = async (): Promise<void> => {
      await signInFor(walk, operator, '/welcome');
      const name = `Sealed ${randomUUID().slice(0, 8)}`;
      await walk.hand.write(page.getByLabel('Name of the tenant'), name);
      await page.getByLabel('The tenant itself, split into key shares').check();
      await page.getByText('sealed again after every restart').waitFor();
      await walk.hand.write(page.getByLabel('E-mail of its custodian'), operator.email);
      await page.getByText('every member is shown so').waitFor();
      await show('tier');
      await press('Create the tenant');

      await page.getByRole('heading', { name: 'Make the key of this tenant' }).waitFor(patience);
      await press('Make the key shares');
      await page.getByText('You see these shares this once').waitFor(patience);
      const shares = await page.locator('ol code').allInnerTexts();
      expect(shares).toHaveLength(5);
      await show('shares');
      await page.getByLabel('I have kept the shares').check();
      await press('Go on');
      expect(await page.getByText(shares[0] ?? 'none').count()).toBe(0);
      await walk.hand.write(page.getByLabel('Key shares'), shares.slice(0, 3).join('\n'));
      await press('Give 3 shares');

      await page.getByLabel('Your question').waitFor(patience);
      await goTo(walk, 'Documents');
      const token = `GN-${randomUUID().slice(0, 8)}`;
      await upload(walk, {
        name: 'handbook.md',
        text: `# Handbook of the north gate\n\nThe access code of the north gate is ${token}. The porter changes it every spring.\n`,
      });
      await page
        .getByText(/Ready|1 passage/)
        .first()
        .waitFor(patience);
      await goTo(walk, 'New question');
      const answer = await ask(walk, 'What is the access code of the north gate?');
      expect(await answer.innerText()).toContain(token);

      await goTo(walk, 'Seal');
      await page.getByText('3 of 5 key shares open this tenant').waitFor();
      await page.getByText('Its custodian runs the platform').waitFor();
      await show('open');
      await press('Seal it now');
      await press(/^Seal it$/);
      await page.getByRole('heading', { name: 'This tenant is sealed' }).waitFor(patience);
      await show('sealed');
      expect(await page.content()).not.toContain(token);
      const backup = await snapshotOf(home);
      expect(filesWith(home, token)).toEqual([]);
      expect(backup).not.toContain(token);
      // Its twin: the same search finds what is known to lie there, of a tenant without a seal of its own.
      const open = `ON-${randomUUID().slice(0, 8)}`;
      const ordinary = await plantDocument(`Ordinary ${open}`, `# Gate\n\nThe code is ${open}.\n`);
      const found = filesWith(home, open);
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((file) => !file.startsWith('data/postgresql/'))).toEqual([]);
      const key = `tenant-${ordinary.replaceAll('-', '')}`;
      const names = filesWith(home, key);
      expect(names).toContainEqual(expect.stringMatching(/^data\/openbao\//));
      expect(names).toContainEqual(expect.stringMatching(/^log\/openbao\/audit/));
      expect(await snapshotOf(home)).toContain(key);
      expect(filesWith(home, ordinary)).toContainEqual(expect.stringMatching(/^log\/server/));
      const started = filesWith(home, 'ready to accept connections');
      expect(started).toContainEqual(expect.stringMatching(/^log\/postgresql/));
      expect(sealOf(name)).toMatchObject({ sealed: true, reason: 'person' });
      expect(() => run(['seal', 'unseal', name], shares[0]?.replace(/^../, '00'))).toThrow();
      // The wrong share counts in its set; only a whole set shows that it is wrong.
      expect(() => run(['seal', 'unseal', name], shares.slice(2).join('\n'))).toThrow(/wrong/);
      run(['seal', 'unseal', name], shares.slice(2).join('\n'));
      expect(sealOf(name)).toMatchObject({ sealed: false });
      // The page on which it was sealed is there again by itself.
      await page.getByText('3 of 5 key shares open this tenant').waitFor(patience);
      await goTo(walk, 'New question');
      await page.getByLabel('Your question').waitFor(patience);

      run(['restart', 'openbao']);
      await page
        .getByRole('heading', { name: 'This tenant is sealed' })
        .waitFor({ timeout: 60_000 });
      await page.getByText('The key service was restarted').waitFor(patience);
      expect(sealOf(name)).toMatchObject({ sealed: true, reason: 'key_service' });
      await walk.hand.write(page.getByLabel('Key shares'), shares.slice(1, 4).join('\n'));
      await press('Give 3 shares');
      await page.getByLabel('Your question').waitFor(patience);
      // Until its index is whole a search finds a part of the documents, which the page of the seal says.
      await goTo(walk, 'Seal');
      await page.getByText('Open', { exact: true }).waitFor(patience);
      await goTo(walk, 'New question');
      const again = await ask(walk, 'What is the access code of the north gate?');
      expect(await again.innerText()).toContain(token);
    };
    const walked = journey();
    await walked.catch(() => undefined);
    await context.close();
    // The browser writes into its console that a closed tenant, or its key service, refused, and that
    // an interface of this host came or went.
    const expected = /status of (423|503)|ERR_NETWORK_CHANGED/;
    expect(faults.filter((fault) => !expected.test(fault))).toEqual([]);
    await walked;
  }, 900_000);
});
