import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';

const SLOW_MS = 5_200;

describe('slow statements on the control schema', () => {
  let appliance: TestAppliance;

  beforeAll(async () => {
    appliance = await startAppliance();
  });
  afterAll(() => appliance.stop());

  it('RES-01: five that end at their timeout, however late, close the database to nobody', async () => {
    const { db, resilience } = appliance.parts.platform;
    const slow = (count: number) =>
      Promise.allSettled(
        Array.from({ length: count }, () =>
          db.inControl((tx) => tx.query('select pg_sleep(20)'), { remainingMs: () => SLOW_MS }),
        ),
      );
    // Fewer at once than there are places.
    for (const outcome of [...(await slow(3)), ...(await slow(2))])
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { status: 503, message: 'The database took too long; try again in a moment' },
      });
    expect(resilience.breakers.database.view()).toMatchObject({ state: 'closed', failures: 0 });
    await expect(db.inControl((tx) => tx.query('select 1 as one'))).resolves.toEqual([{ one: 1 }]);
  });
});
