import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backupFiles, defaultPlan } from '../backup/plan.ts';
import { layoutFor, type InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { forgetCopies } from './forget-copies.ts';
import { journalFile, type UpgradeJournal } from './journal.ts';
import { hasDataFromBefore } from './restore-database.ts';

let dir: string;
let layout: InstanceLayout;
let kept: string[];
let copy: string;
let before: string;
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'casemate-copies-'));
  layout = layoutFor({ dataDir: dir, asRoot: false, env: { HOME: dir } });
  const { databaseDir } = instancePaths(layout);
  copy = path.join(layout.dataDir, 'upgrade/2026-11-23-1a2b3c4d');
  before = `${databaseDir}.before-2026-11-23-1a2b3c4d`;
  kept = [copy, before, `${databaseDir}.of-2026-11-23-1a2b3c4d`].sort();
  for (const one of [...kept, databaseDir, layout.configDir]) mkdirSync(one, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const left = () => kept.filter((one) => existsSync(one));

describe('the copies of an upgrade', () => {
  it('ENC-09: stay for their days, and while an upgrade goes on', async () => {
    expect(await forgetCopies(layout, inDays(6.9))).toEqual([]);
    writeFileSync(journalFile(layout), JSON.stringify({ phase: 'switch' }));
    expect(await forgetCopies(layout, inDays(30))).toEqual([]);
    expect(left()).toEqual(kept);
  });

  it('ENC-09: are gone after a week, and the database of today is not', async () => {
    expect((await forgetCopies(layout, inDays(7.1))).sort()).toEqual(kept);
    expect(left()).toEqual([]);
    expect(existsSync(instancePaths(layout).databaseDir)).toBe(true);
  });

  it('ENC-09: are gone sooner where copies of the key service are', async () => {
    const { planFile } = backupFiles(layout);
    mkdirSync(path.dirname(planFile), { recursive: true });
    writeFileSync(planFile, JSON.stringify({ ...defaultPlan, keyRetentionDays: 2 }));
    expect(await forgetCopies(layout, inDays(1.9))).toEqual([]);
    expect((await forgetCopies(layout, inDays(2.1))).sort()).toEqual(kept);
  });

  it('DEP-06: a way back that needs them is known to be closed before anything stops', () => {
    const version = (postgresql: string) => ({
      components: { postgresql: { version: postgresql } },
    });
    const journal = (contracts: string[], from: string) =>
      ({
        id: '2026-11-23-1a2b3c4d',
        ...{ contracts, copyDir: copy, from: version(from), to: version('18.6') },
      }) as unknown as UpgradeJournal;
    expect(hasDataFromBefore(layout, journal([], '18.5'))).toBe(true);
    expect(hasDataFromBefore(layout, journal(['drop a column'], '18.5'))).toBe(false);
    expect(hasDataFromBefore(layout, journal([], '17.9'))).toBe(true);
    rmSync(before, { recursive: true });
    expect(hasDataFromBefore(layout, journal([], '17.9'))).toBe(false);
    mkdirSync(path.join(copy, 'database'));
    writeFileSync(path.join(copy, 'database/PG_VERSION'), '18\n');
    expect(hasDataFromBefore(layout, journal(['drop a column'], '18.5'))).toBe(true);
  });
});
