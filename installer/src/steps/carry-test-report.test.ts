import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checksumCheckout } from '../server-build/checksum-checkout.ts';
import { carryTestReport } from './carry-test-report.ts';
import type { InstallContext } from './step.ts';

let dir = '';
let context: InstallContext;
const put = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), text);
};
const carried = () => {
  try {
    return readdirSync(path.join(dir, 'trust')).sort();
  } catch {
    return [];
  }
};

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'carry-'));
  put('checkout/package-lock.json', '{}');
  put('checkout/server/a.test.ts', 'a');
  const checkout = await checksumCheckout(path.join(dir, 'checkout'));
  put('state/test-report.json', JSON.stringify({ sources: 's1', checkout }));
  put('state/test-report.sig', 'sig');
  put('state/signing.pub', 'pem');
  context = {
    options: { checkoutDir: path.join(dir, 'checkout'), reportDir: path.join(dir, 'state') },
    settings: { server: { version: '0.1.0', checksum: 's1', dir: '/x' } },
    paths: { trustDir: path.join(dir, 'trust') },
  } as unknown as InstallContext;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('carrying the test report', () => {
  it('TRU-02: carries none of a checkout that changed by one test since', async () => {
    put('checkout/server/a.test.ts', 'b');
    expect(await carryTestReport.apply(context)).toContain('none of this version');
    expect(carried()).toEqual([]);
  });

  it('TRU-02: takes one away that is of another version, rather than let it stand', async () => {
    await carryTestReport.apply(context);
    expect(carried()).toHaveLength(3);
    context.settings.server = { version: '0.1.0', checksum: 's2', dir: '/x' };
    expect(await carryTestReport.isDone(context)).toBe(false);
    await carryTestReport.apply(context);
    expect(carried()).toEqual([]);
    expect(await carryTestReport.isDone(context)).toBe(true);
  });

  it('TRU-01: carries the report of exactly this checkout, and pins whose it is', async () => {
    expect(await carryTestReport.isDone(context)).toBe(false);
    expect(await carryTestReport.apply(context)).toBeUndefined();
    expect(carried()).toEqual(['release.json', 'test-report.json', 'test-report.sig']);
    const release = readFileSync(path.join(dir, 'trust', 'release.json'), 'utf8');
    expect(JSON.parse(release)).toMatchObject({ version: '0.1.0', sources: 's1', signer: 'pem' });
    expect(await carryTestReport.isDone(context)).toBe(true);
  });

  it('leaves what is installed alone when there is no checkout', async () => {
    rmSync(path.join(dir, 'checkout', 'package-lock.json'));
    expect(await carryTestReport.isDone(context)).toBe(true);
  });
});
