import { appendFileSync, chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashTables } from '../../../installer/src/backup/hash-tables.ts';
import { openSession } from '../../../installer/src/backup/psql-session.ts';
import { loadTenant } from '../../../installer/src/backup/restore/tenant/load-tenant.ts';
import {
  readTenant,
  type SavedTenant,
} from '../../../installer/src/backup/restore/tenant/read-tenant.ts';
import { startChatDesk, type ChatDesk } from '../../tests/chat-desk.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { newId, tenantName } from '../platform/index.ts';
import { answerRestoreWish } from './restore-tenant.ts';

const BACKUP = '20261122T120000Z-test';

/** What is done with the rows of a tenant once a backup is recovered; the whole stands in the journey. */
describe('one tenant out of a backup', () => {
  let desk: ChatDesk;
  let database: string;
  let schemaVersion: number;
  let talk: string;
  let saved: SavedTenant;
  let dir: string;

  const access = () => ({
    ...{ psql: join(binaries, 'psql'), port: partsInfo().port },
    socketDir: partsInfo().socketDir,
  });
  let binaries = '';
  const newDir = () => {
    const made = mkdtempSync(join(partsInfo().dir, 'rows-'));
    chmodSync(made, 0o777);
    return made;
  };
  const read = (tenantId: string, as = tenantId, to = newDir()) =>
    readTenant(access(), { tenantId, schemaVersion, dir: to, as, noted: null, database });
  const load = (into: string, from = desk.tenantId, rows = dir, of = saved) =>
    loadTenant(access(), { saved: of, dir: rows, from, into, keys: [], backup: BACKUP, database });
  const titleOf = async (tenantId: string, conversation: string) => {
    const path = `/api/tenants/${tenantId}/conversations/${conversation}`;
    const answer = await desk.server.ask('GET', path, { token: desk.owner.token });
    return answer.json<{ title: string | null }>().title;
  };
  const rename = (title: string) =>
    desk.server.ask('PATCH', `/api/tenants/${desk.tenantId}/conversations/${talk}`, {
      token: desk.owner.token,
      json: { title },
    });
  const hashesOf = async (tenantId: string) => {
    const session = openSession(access(), database);
    const found = await hashTables(session.run, tenantName(tenantId)).finally(session.close);
    // Events find their place in the log by themselves, a moment later.
    return found.filter(({ table }) => !table.includes('.audit_'));
  };
  const audited = async (tenantId: string) => {
    const { rows } = await desk.appliance.superuser.query<{ n: number }>(
      `select count(*)::int as n from "${tenantName(tenantId)}".audit_events where action = 'tenant.restore'
       union all select count(*)::int from control.audit_events
         where action = 'tenant.restore' and tenant_id = $1`,
      [tenantId],
    );
    return rows.map(({ n }) => n);
  };

  beforeAll(async () => {
    desk = await startChatDesk();
    const { superuser, config } = desk.appliance;
    database = config.CASEMATE_DATABASE_NAME;
    const found = await superuser.query<{ setting: string }>(
      `select setting from pg_config where name = 'BINDIR'`,
    );
    binaries = found.rows[0]?.setting ?? '';
    const { rows } = await superuser.query<{ v: number }>(
      'select schema_version as v from control.tenants where id = $1',
      [desk.tenantId],
    );
    schemaVersion = rows[0]?.v ?? 0;
    talk = await desk.conversation();
    await rename('As it was');
    dir = newDir();
    saved = await read(desk.tenantId, desk.tenantId, dir);
  }, 60_000);
  afterAll(() => desk.stop());

  it('RES-04: is refused when the backup does not hold it, or its tables were others', async () => {
    await expect(read(newId())).rejects.toThrow('holds no such tenant');
    schemaVersion += 1;
    await expect(read(desk.tenantId)).rejects.toThrow('were others');
    schemaVersion -= 1;
  });

  it('ISO-09: a row of another tenant among its rows is refused, and nothing changes', async () => {
    await rename('Untouched');
    const before = await hashesOf(desk.tenantId);
    const foreign = newDir();
    await read(desk.tenantId, desk.strangersTenantId, foreign);
    await expect(load(desk.tenantId, desk.tenantId, foreign)).rejects.toThrow();
    expect(await hashesOf(desk.tenantId)).toEqual(before);
  });

  it('RES-04: rows that are lacking, or too many, are noticed before the end', async () => {
    const before = await hashesOf(desk.tenantId);
    const short = newDir();
    await read(desk.tenantId, desk.tenantId, short);
    writeFileSync(join(short, 'conversations'), '');
    await expect(load(desk.tenantId, desk.tenantId, short)).rejects.toThrow('did not arrive');
    const line = readFileSync(join(dir, 'conversations'), 'utf8').replaceAll(talk, newId());
    const more = newDir();
    const of = await read(desk.tenantId, desk.tenantId, more);
    appendFileSync(join(more, 'conversations'), line);
    await expect(load(desk.tenantId, desk.tenantId, more, of)).rejects.toThrow('did not arrive');
    expect(await hashesOf(desk.tenantId)).toEqual(before);
    expect(await audited(desk.tenantId)).toEqual([0, 0]);
  });

  it('RES-04: is as it was, to the row; the other tenant and its own audit log are untouched', async () => {
    await rename('Spoilt');
    const other = await hashesOf(desk.strangersTenantId);
    expect(await load(desk.tenantId)).toBeGreaterThan(5);
    expect(await titleOf(desk.tenantId, talk)).toBe('As it was');
    expect(await hashesOf(desk.strangersTenantId)).toEqual(other);
    expect(await audited(desk.tenantId)).toEqual([1, 1]);
    expect(await audited(desk.strangersTenantId)).toEqual([0, 0]);
  });

  it('RES-04: as a new tenant its fields open under its own keys alone', async () => {
    const { appliance } = desk;
    const twin = await appliance.makeTenant();
    const { accountId } = desk.owner;
    const seal = appliance.parts.identity.rights.sealMembership({
      ...{ accountId, tenantId: twin, role: 'admin' as const },
    });
    await appliance.superuser.query(
      `insert into control.memberships (account_id, tenant_id, role, seal) values ($1, $2, 'admin', $3)`,
      [accountId, twin, seal],
    );
    const rows = newDir();
    const of = await read(desk.tenantId, twin, rows);
    await load(twin, desk.tenantId, rows, of);
    // A session learns of a new membership some seconds later.
    const path = `/api/tenants/${twin}/conversations/${talk}`;
    const status = async () =>
      (await desk.server.ask('GET', path, { token: desk.owner.token })).status;
    for (let tries = 0; tries < 100 && (await status()) === 404; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 200));
    // Laid there, but under the keys and the name of the old one.
    expect(await titleOf(twin, talk)).not.toBe('As it was');
    const ctx = appliance.contextOf(null, null);
    const keys = of.keys as { version: number; wrapped: string; state: 'current' }[];
    const wish = { verb: 'reseal', from: desk.tenantId, to: twin, keys } as const;
    const { fields } = (await answerRestoreWish(ctx, appliance.parts, wish)) as { fields: number };
    expect(fields).toBeGreaterThan(0);
    expect(await titleOf(twin, talk)).toBe('As it was');
    expect(await titleOf(desk.tenantId, talk)).toBe('As it was');
    // Its rows are under its own keys now: once more, and nothing opens as the old one's.
    await expect(answerRestoreWish(ctx, appliance.parts, wish)).rejects.toThrow(
      'could not be opened',
    );
  });
});
