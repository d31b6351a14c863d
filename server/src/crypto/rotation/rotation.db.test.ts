import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableParts, type BreakableParts } from '../../../tests/breakable-parts.ts';
import { startKeyDesk, type KeyDesk } from '../../../tests/key-desk.ts';

describe('a rotation', () => {
  // Its own: the platform's wrapping key is one for all databases of a key service.
  let parts: BreakableParts;
  let desk: KeyDesk;

  beforeAll(async () => {
    parts = await startBreakableParts();
    desk = await startKeyDesk();
  });
  afterAll(async () => {
    await desk.stop();
    await parts.stop();
  });

  /** Ten rotations of a tenant's keys while its people write and read. */
  const rotateTen = async (kind: 'data' | 'wrapping') => {
    const { tenantId, person } = await desk.makeTenant();
    const load = desk.titles.startLoad(tenantId, person);
    const stale = await desk.titles.write(tenantId, person, 'written under version 1');
    const [before] = await desk.titles.stored(tenantId, [stale]);
    const [first] = await desk.keysOf(tenantId);
    for (let round = 0; round < 10; round += 1) await desk.rotate(tenantId, kind);
    return { tenantId, person, stale, before, first, done: await load.stop() };
  };
  // Both wait for keys to be forgotten more than they work: they run side by side.
  let tens: Record<'data' | 'wrapping', ReturnType<typeof rotateTen>> | undefined;
  const underLoad = (kind: 'data' | 'wrapping'): ReturnType<typeof rotateTen> => {
    tens ??= { data: rotateTen('data'), wrapping: rotateTen('wrapping') };
    for (const ten of Object.values(tens)) ten.catch(() => undefined);
    return tens[kind];
  };

  it('ENC-03: ten data keys under load: no failure, no field lost, the old one refused', async () => {
    const { tenantId, person, stale, before, done } = await underLoad('data');
    expect(done.failures).toEqual([]);
    expect(done.writes).toBeGreaterThan(100);
    expect(done.read).toBe(done.writes);
    expect(await desk.titles.versions(tenantId)).toEqual([11]);
    await expect(desk.titles.read(tenantId, person, stale)).resolves.toBe(
      'written under version 1',
    );
    await expect(desk.titles.put(tenantId, stale, before ?? '')).rejects.toThrow(
      /check constraint/,
    );
    const keys = await desk.keysOf(tenantId);
    expect(keys.filter(({ state }) => state === 'retired')).toHaveLength(10);
    expect(keys.filter(({ wrapped }) => wrapped !== '')).toHaveLength(1);
  }, 120_000);

  it('ENC-03: a new key seals nothing before every process has forgotten the keys it read before', async () => {
    const { tenantId } = await desk.makeTenant();
    const id = await desk.ask(tenantId, 'data');
    // What the rotation promised when it had added the key, whatever it does afterwards.
    const waits = new Map<string, number>();
    let state = '';
    while (!['done', 'failed'].includes(state)) {
      const { rows } = await desk.appliance.superuser.query<{ state: string; seconds: number }>(
        `select state, extract(epoch from due_at - now())::float8 as seconds
         from control.key_rotations where id = $1`,
        [id],
      );
      state = rows[0]?.state ?? 'done';
      if (!waits.has(state)) waits.set(state, rows[0]?.seconds ?? 0);
      await pause(5);
    }
    // Keys stay in memory for a second here. A look that came too late saw less than was promised.
    expect(waits.get('prepared')).toBeGreaterThan(0.5);
    expect(waits.get('rewriting')).toBeGreaterThan(0.5);
  }, 60_000);

  it('ENC-03: ten wrapping keys under load: no failure, and the old one opens nothing', async () => {
    const { tenantId, first, done } = await underLoad('wrapping');
    expect(done.failures).toEqual([]);
    expect(done.read).toBe(done.writes);
    const [now] = await desk.keysOf(tenantId);
    expect(now?.wrapped).toMatch(/^vault:v11:/);
    await expect(desk.unwrap(tenantId, first?.wrapped ?? '')).rejects.toThrow();
    await expect(desk.unwrap(tenantId, now?.wrapped ?? '')).resolves.toHaveLength(1);
  }, 120_000);

  it('ENC-03: goes on where a killed process left it', async () => {
    const { tenantId, person } = await desk.makeTenant();
    const ids = await desk.titles.writeMany(tenantId, person, 250);
    await desk.killRewriterAfter(1);
    await desk.rotate(tenantId, 'data');
    expect(await desk.titles.versions(tenantId)).toEqual([2]);
    await expect(desk.titles.read(tenantId, person, ids[249] ?? '')).resolves.toBe('title 249');
  }, 60_000);

  it('ENC-02: leaves a damaged field alone, names it, and keeps the old key', async () => {
    const { tenantId, person } = await desk.makeTenant();
    const id = await desk.titles.write(tenantId, person, 'whole');
    const [stored = ''] = await desk.titles.stored(tenantId, [id]);
    const damaged = stored.slice(0, -3) + (stored.at(-3) === 'A' ? 'B' : 'A') + stored.slice(-2);
    await desk.titles.put(tenantId, id, damaged);
    const ended = await desk.rotate(tenantId, 'data');
    expect(ended).toMatchObject({ state: 'failed' });
    expect(ended.error).toBe('conversations.title: 1 field(s) cannot be opened');
    expect(await desk.titles.stored(tenantId, [id])).toEqual([damaged]);
    expect((await desk.keysOf(tenantId)).map(({ state }) => state)).toEqual(['old', 'current']);
    await desk.titles.put(tenantId, id, stored);
    await expect(desk.rotate(tenantId, 'data')).resolves.toMatchObject({ state: 'done' });
    await expect(desk.titles.read(tenantId, person, id)).resolves.toBe('whole');
  }, 60_000);

  it('ENC-06: a backfill turns plain and old rows into current ones; doing it again changes none', async () => {
    const { tenantId, person } = await desk.makeTenant();
    const ids = await desk.titles.writeMany(tenantId, person, 150);
    await desk.titles.makePlain(tenantId, ids.slice(0, 120));
    await expect(desk.rotate(tenantId, 'data')).resolves.toMatchObject({ state: 'failed' });
    await desk.killRewriterAfter(1);
    await expect(desk.rotate(tenantId, 'backfill')).resolves.toMatchObject({ state: 'done' });
    const once = await desk.titles.stored(tenantId, ids);
    expect(once.filter((text) => !text.startsWith('cm1.2.'))).toEqual([]);
    await expect(desk.titles.read(tenantId, person, ids[7] ?? '')).resolves.toBe('title 7');
    await desk.rotate(tenantId, 'backfill');
    expect(await desk.titles.stored(tenantId, ids)).toEqual(once);
    await expect(desk.titles.put(tenantId, ids[0] ?? '', 'plain again')).rejects.toThrow(/check/);
  }, 60_000);

  it('ENC-04: the platform has a key of its own, with its own versions', async () => {
    const { accountId } = await desk.appliance.makePerson();
    const id = await desk.secrets.write(accountId, 'JBSWY3DPEHPK3PXP');
    await desk.rotate(null, 'wrapping');
    await expect(desk.rotate(null, 'data')).resolves.toMatchObject({ state: 'done' });
    expect(await desk.secrets.stored(id)).toMatch(/^cm1\.2\./);
    await expect(desk.secrets.read(accountId, id)).resolves.toBe('JBSWY3DPEHPK3PXP');
    // The same text in a tenant's hands: another owner, another key.
    const { tenantId } = await desk.makeTenant();
    const fields = await desk.appliance.contextOf(null, tenantId).openFields();
    const place = { table: 'account_secrets', row: `${accountId}/${id}`, field: 'value' };
    const stored = await desk.secrets.stored(id);
    expect(() => fields.decrypt(place, stored)).toThrow(/cannot be opened/);
  }, 60_000);

  it('waits while its tenant is suspended, and one owner has one rotation at a time', async () => {
    const { tenantId } = await desk.makeTenant();
    await desk.appliance.superuser.query(
      `update control.tenants set state = 'suspended' where id = $1`,
      [tenantId],
    );
    const id = await desk.ask(tenantId, 'wrapping');
    await expect(desk.ask(tenantId, 'data')).rejects.toThrow(/under way/);
    await pause(1_500);
    expect(await desk.find(id)).toMatchObject({ state: 'requested' });
  });
});
