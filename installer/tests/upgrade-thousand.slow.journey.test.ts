import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { phases } from '../src/upgrade/journal.ts';
import { bundledInstance, makeInstanceDir, type BundledInstance } from './bundled-instance.ts';

const TENANTS = 1000;
const dir = makeInstanceDir();
const home = path.join(dir, 'home');
let one: BundledInstance;
let next: string;

function count(from: string): number {
  const { databasePort, components } = one.settings();
  const place = ['-h', path.join(home, 'run/postgresql'), '-p', String(databasePort)];
  const words = ['-U', 'postgres', '-Atc', `select count(*) from ${from}`, 'casemate'];
  const { psql } = components.postgresql.executables;
  return Number(execFileSync(psql, [...place, ...words], { encoding: 'utf8' }));
}
// Without those of self-checks that were killed: the provisioner removes them within the hour.
const ours = "tenant.purpose = 'tenant' and tenant.state = 'active'";
const countTenants = () => count(`control.tenants tenant where ${ours}`);
/** How many of them have had the migration of the new version. */
const countMigrated = () =>
  count(`control.tenants tenant
    join pg_namespace home on home.nspname = 'tenant_' || replace(tenant.id::text, '-', '')
    join pg_class place on place.relnamespace = home.oid and place.relname = 'conversations'
    join pg_attribute made on made.attrelid = place.oid and made.attname = 'note_of_next'
    where ${ours}`);

beforeAll(async () => {
  one = await bundledInstance('many', { dir, home });
  next = await one.derive('0.2.0', {
    'server/server/migrations/tenant/9001-expand.sql':
      'alter table conversations add column note_of_next text;',
  });
  await one.install();
  const names = path.join(dir, 'names.txt');
  writeFileSync(names, Array.from({ length: TENANTS }, (_, n) => `Tenant ${n}\n`).join(''));
  const made = await one.casemate('tenants', 'create', '--from', names);
  if (made.code !== 0) throw new Error(made.said);
}, 1_800_000);

afterAll(async () => {
  await one.uninstall();
  rmSync(dir, { recursive: true, force: true });
}, 300_000);

describe('an upgrade of a thousand tenants', () => {
  it('DEP-06: killed in every phase, and among the tenants, it is taken up where it stood', async () => {
    const killed: string[] = [];
    for (const phase of phases) {
      const words = killed.length === 0 ? ['upgrade', next, '--yes'] : ['upgrade', '--resume'];
      const reached = () => one.phase() === phase && (phase !== 'migrate' || countMigrated() > 0);
      if (!(await one.killedWhen(words, reached))) break;
      killed.push(phase);
      // What the killed one asked of the database ends, too.
      await sleep(1000);
      if (phase !== 'switch')
        expect([phase, (await one.casemate('status')).code]).toEqual([phase, 0]);
      if (phase !== 'migrate') continue;
      expect(countMigrated()).toBeGreaterThan(0);
      expect(countMigrated()).toBeLessThan(TENANTS);
      expect((await one.casemate('tenants', 'create', 'Meanwhile')).code).toBe(0);
    }
    expect(killed).toEqual([...phases]);

    const { code, said } = await one.casemate('upgrade', '--resume');
    expect([code, said.slice(-2000)]).toEqual([0, expect.anything()]);
    expect(one.version()).toBe('0.2.0');
    expect([countMigrated(), countTenants()]).toEqual([TENANTS + 1, TENANTS + 1]);
    expect((await one.casemate('doctor')).code).toBe(0);
  }, 1_500_000);

  it('DEP-06: and a rollback takes back the programs, and no tenant', async () => {
    const { code, said } = await one.casemate('rollback', '--yes');
    expect([code, said.slice(-2000)]).toEqual([0, expect.anything()]);
    expect(one.version()).toBe('0.1.0');
    expect([countMigrated(), countTenants()]).toEqual([TENANTS + 1, TENANTS + 1]);
    expect((await one.casemate('doctor')).code).toBe(0);
  }, 600_000);
});
