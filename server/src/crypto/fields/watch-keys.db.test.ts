import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { requestRotation } from '../rotation/request-rotation.ts';
import type { Keeper } from '../rotation/poll.ts';
import { startKeyWatch } from './watch-keys.ts';

const SECONDS = 2;

describe('keys in memory, used all the time', () => {
  let appliance: TestAppliance;
  let watch: Keeper;
  let unwrapped: string[];
  let renewed: string[];

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_DATA_KEY_SECONDS: SECONDS });
    const { keys } = appliance.parts.platform;
    const { unwrap } = keys;
    unwrapped = [];
    keys.unwrap = (at, wrapped) => {
      unwrapped.push(at.context);
      return unwrap(at, wrapped);
    };
    renewed = [];
    const { held } = appliance.parts.tenantKeys;
    const { renew } = held;
    held.renew = (owner, asOf) => {
      renewed.push(owner);
      renew(owner, asOf);
    };
    watch = startKeyWatch(appliance.parts.platform, appliance.parts.tenantKeys);
  });
  afterAll(async () => {
    await watch.stop();
    await appliance.stop();
  });

  const callsDuring = async (tenantId: string, milliseconds: number): Promise<number> => {
    const before = unwrapped.filter((context) => context.includes(tenantId)).length;
    const ends = performance.now() + milliseconds;
    while (performance.now() < ends) {
      await appliance.contextOf(null, tenantId).openFields();
      await pause(100);
    }
    return unwrapped.filter((context) => context.includes(tenantId)).length - before;
  };

  it('ENC-04: leave memory in their time once the database says that a rotation is under way', async () => {
    const tenantId = await appliance.makeTenant();
    const renewals = (): number => renewed.filter((owner) => owner === tenantId).length;
    await callsDuring(tenantId, 2_500);
    expect(renewals()).toBeGreaterThan(0);
    await appliance.superuser.query(
      `insert into control.key_rotations (id, tenant_id, kind, due_at)
       values (gen_random_uuid(), $1, 'data', now() + interval '1 hour')`,
      [tenantId],
    );
    // The round that asked before may still renew.
    await pause(1_000);
    const before = renewals();
    expect(await callsDuring(tenantId, 2 * SECONDS * 1000)).toBeGreaterThanOrEqual(1);
    expect(renewals()).toBe(before);
    const ctx = appliance.contextOf(null, null);
    await expect(requestRotation(ctx, { tenantId, kind: 'data' })).rejects.toThrow(/under way/);
  }, 60_000);

  it('ENC-04: leave memory in their time when the database cannot be asked', async () => {
    const tenantId = await appliance.makeTenant();
    const fields = await appliance.contextOf(null, tenantId).openFields();
    await watch.stop();
    await pause(SECONDS * 1000 + 200);
    const place = { table: 't', row: '1', field: 'f' };
    expect(() => fields.encrypt(place, 'x')).toThrow(/erased from memory/);
    watch = startKeyWatch(appliance.parts.platform, appliance.parts.tenantKeys);
  }, 60_000);

  it('ENC-04: leave memory in their time when the key service is sealed or away', async () => {
    await watch.stop();
    const { platform, tenantKeys } = appliance.parts;
    const vault = {
      ...platform.vault,
      read: (): Promise<never> => Promise.reject(new Error('sealed')),
      answeredAt: () => -Infinity,
    };
    watch = startKeyWatch({ ...platform, vault }, tenantKeys);
    const tenantId = await appliance.makeTenant();
    expect(await callsDuring(tenantId, 3 * SECONDS * 1000)).toBeGreaterThanOrEqual(2);
    expect(renewed.filter((owner) => owner === tenantId)).toEqual([]);
    await watch.stop();
    watch = startKeyWatch(platform, tenantKeys);
  }, 60_000);

  it('stay in memory while nothing changes', async () => {
    const tenantId = await appliance.makeTenant();
    await callsDuring(tenantId, 100);
    // On a busy machine a renewal may come too late; without any, no round at all is free of fetching.
    const rounds: number[] = [];
    while (rounds.length < 10 && rounds.at(-1) !== 0)
      rounds.push(await callsDuring(tenantId, 2 * SECONDS * 1000));
    expect(rounds.at(-1)).toBe(0);
  }, 90_000);
});
