import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { drawBudget, pruneCounters, type Budget, type Draw } from './draw-budget.ts';

describe('drawing from a budget', () => {
  let appliance: TestAppliance;
  const budget: Budget = { name: 'test', limit: 60, windowSeconds: 60, ofStrangers: false };

  beforeAll(async () => {
    appliance = await startAppliance();
  });
  afterAll(() => appliance.stop());

  const draw = (key: string, need: number, of = budget): Promise<Draw> =>
    appliance.parts.platform.db.readControl((tx) => drawBudget(tx, of, { key, need }));

  it('RAT-02: parallel draws get exactly the limit together', async () => {
    const draws = await Promise.all(Array.from({ length: 40 }, () => draw('parallel', 3)));
    expect(draws.reduce((sum, { granted }) => sum + granted, 0)).toBe(60);
    expect((await draw('parallel', 1)).granted).toBe(0);
    expect((await draw('other', 1)).granted).toBe(4);
  });

  it('RAT-02: leases ahead of need grow with the budget and never pass what is left', async () => {
    const large = { ...budget, name: 'large', limit: 6_000 };
    const grants: number[] = [];
    for (let granted = -1; granted !== 0; grants.push(granted))
      ({ granted } = await draw('a', 1, large));
    expect(grants[0]).toBe(201);
    expect(grants.at(-2)).toBe(1);
    expect(grants.reduce((sum, granted) => sum + granted, 0)).toBe(6_000);
    expect(grants.length).toBeLessThan(150);
  });

  it('RAT-02: the window is the database’s own, and a new one begins with a draw', async () => {
    const short = { ...budget, name: 'short', limit: 2, windowSeconds: 1 };
    expect((await draw('a', 5, short)).granted).toBe(2);
    const spent = await draw('a', 1, short);
    expect(spent.granted).toBe(0);
    expect(spent.leftMs).toBeGreaterThan(0);
    expect(spent.leftMs).toBeLessThanOrEqual(1_000);
    await new Promise((resolve) => setTimeout(resolve, spent.leftMs + 20));
    expect((await draw('a', 1, short)).granted).toBe(1);
  });

  it('RAT-02: a limit that was lowered refuses and gives nothing back', async () => {
    await draw('lowered', 30);
    expect((await draw('lowered', 1, { ...budget, limit: 10 })).granted).toBe(0);
    expect((await draw('lowered', 1)).granted).toBeGreaterThan(0);
  });

  it('RAT-01: strangers can’t fill the table, and windows that are over are removed', async () => {
    const ofStrangers = { ...budget, name: 'strangers', windowSeconds: 1, ofStrangers: true };
    await Promise.all(
      Array.from({ length: 50 }, (_none, n) => draw(`2001:db8:${n}::`, 1, ofStrangers)),
    );
    const rows = async (): Promise<{ slot: string }[]> =>
      (
        await appliance.superuser.query<{ slot: string }>(
          `select slot from control.rate_counters where budget = 'strangers'`,
        )
      ).rows;
    for (const { slot } of await rows()) {
      expect(Number(slot)).toBeGreaterThanOrEqual(0);
      expect(Number(slot)).toBeLessThan(2 ** 20);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await appliance.parts.platform.db.readControl(pruneCounters);
    expect(await rows()).toEqual([]);
  });
});
