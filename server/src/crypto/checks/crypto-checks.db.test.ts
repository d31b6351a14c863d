import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKeyDesk, type KeyDesk } from '../../../tests/key-desk.ts';
import { testConfig, type Person } from '../../../tests/test-appliance.ts';
import {
  createLocalKeys,
  createVault,
  tenantName,
  type LiveFinding,
  type Platform,
} from '../../platform/index.ts';

describe('the live checks of keys', () => {
  let desk: KeyDesk;
  let tenantId: string;
  let other: string;
  let person: Person;

  beforeAll(async () => {
    desk = await startKeyDesk();
    ({ tenantId, person } = await desk.makeTenant());
    ({ tenantId: other } = await desk.makeTenant());
    await desk.titles.writeMany(tenantId, person, 5);
  });
  afterAll(() => desk.stop());

  const sql = (text: string, values: unknown[] = []): Promise<unknown> =>
    desk.appliance.superuser.query(text, values);
  const run = (control: string, instead: Partial<Platform> = {}): Promise<LiveFinding> =>
    desk.check(control, instead);

  it('ENC-01: finds the one row that is plain text, and passes without it', async () => {
    const id = await desk.titles.write(tenantId, person, 'to be exposed');
    await desk.titles.makePlain(tenantId, [id]);
    expect(await run('ENC-01')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('1 row(s) of conversations.title are plain text'),
    });
    await sql(`delete from "${tenantName(tenantId)}".conversations where id = $1`, [id]);
    expect(await run('ENC-01')).toMatchObject({
      status: 'pass',
      evidence: expect.stringMatching(
        /^5 fields, all ciphertext \(no account secret is stored yet\)/,
      ),
    });
  });

  it('ENC-03: finds a field whose key is retired, and a rotation that is stuck', async () => {
    const keys = `"${tenantName(tenantId)}".data_keys`;
    await sql(`update ${keys} set state = 'retired'`);
    await sql(
      `insert into ${keys} (version, tenant_id, wrapped, state) values (2, $1, 'vault:v1:x', 'current')`,
      [tenantId],
    );
    const { evidence, status } = await run('ENC-03');
    expect(status).toBe('fail');
    expect(evidence).toContain('5 field(s) of conversations under version 1');
    expect(evidence).toContain('retired version 1 is kept');
    await sql(`delete from ${keys} where version = 2`);
    await sql(`update ${keys} set state = 'current'`);
    await sql(
      `insert into control.key_rotations (id, tenant_id, kind, state, due_at, requested_at)
       values (gen_random_uuid(), $1, 'data', 'prepared', now() + interval '1 day', now() - interval '2 days')`,
      [other],
    );
    expect((await run('ENC-03')).evidence).toContain('under way for over a day');
    await sql(`delete from control.key_rotations`);
    expect(await run('ENC-03')).toMatchObject({ status: 'pass' });
  });

  it('ENC-04: finds a data key under a foreign wrapping key, and keys that stay too long', async () => {
    const [mine] = await desk.keysOf(tenantId);
    const [theirs] = await desk.keysOf(other);
    const put = (wrapped = ''): Promise<unknown> =>
      sql(`update "${tenantName(tenantId)}".data_keys set wrapped = $1`, [wrapped]);
    await put(theirs?.wrapped);
    expect((await run('ENC-04')).evidence).toContain('its data key does not open');
    await put(mine?.wrapped);
    const config = { ...desk.appliance.config, CASEMATE_DATA_KEY_SECONDS: 600 };
    expect((await run('ENC-04', { config })).evidence).toContain('unwrapped keys stay for 600 s');
    const inUse = { ...desk.appliance.config, CASEMATE_DATA_KEY_LONGEST_SECONDS: 3_600 };
    const kept = await run('ENC-04', { config: inUse });
    expect(kept.evidence).toContain('unwrapped keys in use stay for 3600 s');
    const found = await run('ENC-04');
    expect(found.status).toBe('pass');
    expect(found.evidence).toContain('2 foreign data keys refused');
  });

  it("ENC-07: finds a server that runs with the provisioner's credential", async () => {
    const vault = createVault({
      config: testConfig('none', {}, 'provisioner'),
      log: desk.appliance.parts.platform.log,
    });
    const found = await run('ENC-07', { vault });
    expect(found.status).toBe('fail');
    expect(found.evidence).toContain('the server may rotate a wrapping key');
    expect(await run('ENC-07')).toMatchObject({
      status: 'pass',
      evidence: expect.stringContaining('were refused, its own decryption was not'),
    });
  });

  it('ENC-08: finds an insecure key in production', async () => {
    const directory = mkdtempSync('/tmp/cmk-');
    writeFileSync(join(directory, 'master'), randomBytes(32));
    const config = { ...desk.appliance.config, CASEMATE_MODE: 'production' as const };
    const found = await run('ENC-08', { keys: createLocalKeys(directory), config });
    expect(found).toMatchObject({
      status: 'fail',
      evidence: 'INSECURE local key runs in production.',
    });
    expect(await run('ENC-08')).toMatchObject({ status: 'pass' });
    rmSync(directory, { recursive: true });
  });
});
