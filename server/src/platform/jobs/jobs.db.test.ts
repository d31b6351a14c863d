import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { enqueueJob, newId, startWorker, type Job, type Platform } from '../index.ts';
import { claimJob, keepLease, settleJob } from './repo.ts';

describe('jobs', () => {
  let appliance: TestAppliance;
  let a: string;
  let b: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    [a, b] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
  });
  afterAll(() => appliance.stop());

  const enqueue = (tenantId: string, subjectId: string, kind = 'test.run'): Promise<void> =>
    appliance.contextOf(null, tenantId).inTenant((tx) => enqueueJob(tx, { kind, subjectId }));
  const claim = (): Promise<Job | undefined> =>
    appliance.parts.platform.db.inControl((tx) =>
      claimJob(tx, { queue: 'work', kinds: ['test.run'], leaseSeconds: 60 }),
    );
  const settle = (job: Job, outcome: Parameters<typeof settleJob>[2]): Promise<void> =>
    appliance.parts.platform.db.inControl((tx) => settleJob(tx, job, outcome));
  const stateOf = async (subjectId: string): Promise<string[]> => {
    const { rows } = await appliance.superuser.query<{ state: string }>(
      'select state from control.jobs where subject_id = $1 order by created_at',
      [subjectId],
    );
    return rows.map(({ state }) => state);
  };
  const retry = { state: 'queued', error: 'x', delaySeconds: 0, refundAttempt: false } as const;
  const taken = async (subjectId: string): Promise<Job> => {
    await enqueue(a, subjectId);
    const job = await claim();
    if (job?.subjectId !== subjectId) throw new Error('another job was claimed');
    return job;
  };

  it('ISO-06: a tenant can queue no work for the provisioner, nor work without a tenant', async () => {
    await expect(enqueue(a, b, 'tenant.drop')).rejects.toThrow(/can't queue this job/);
    const forged = appliance.parts.platform.db.inControl((tx) =>
      tx.query(
        `insert into control.jobs (id, queue, kind, tenant_id, subject_id) values ($1, 'provision', 'tenant.steal', $2, $2)`,
        [newId(), b],
      ),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it("ISO-06: the job carries the claim's tenant, and one tenant's job does not hide another's", async () => {
    const subject = newId();
    await enqueue(a, subject);
    await enqueue(b, subject);
    const { rows } = await appliance.superuser.query<{ tenant_id: string }>(
      'select tenant_id from control.jobs where subject_id = $1',
      [subject],
    );
    expect(new Set(rows.map(({ tenant_id }) => tenant_id))).toEqual(new Set([a, b]));
    for (const job of [await claim(), await claim()]) if (job) await settle(job, { state: 'done' });
  });

  it('of many workers one gets the job', async () => {
    await enqueue(a, newId());
    const jobs = await Promise.all(Array.from({ length: 8 }, claim));
    const got = jobs.filter((job) => job !== undefined);
    expect(got).toHaveLength(1);
    for (const job of got) await settle(job, { state: 'done' });
  });

  it('a worker that lost its lease can neither prolong nor settle', async () => {
    const subject = newId();
    const old = await taken(subject);
    await appliance.superuser.query(
      `update control.jobs set lease_until = now() - interval '1 s' where subject_id = $1`,
      [subject],
    );
    const now = await claim();
    const { db } = appliance.parts.platform;
    expect(await db.inControl((tx) => keepLease(tx, old, 60))).toBe(false);
    await settle(old, { state: 'failed', error: 'late' });
    expect(await stateOf(subject)).toEqual(['running']);
    if (now) await settle(now, { state: 'done' });
    expect(await stateOf(subject)).toEqual(['done']);
  });

  it('a cancelled job stays cancelled, whatever its worker says afterwards', async () => {
    const subject = newId();
    const job = await taken(subject);
    await appliance
      .contextOf(null, a)
      .inTenant((tx) => tx.query('select control.cancel_jobs($1)', [subject]));
    await settle(job, retry);
    expect(await stateOf(subject)).toEqual(['cancelled']);
  });

  it('a retry gives way to a twin that waits already', async () => {
    const subject = newId();
    const job = await taken(subject);
    await enqueue(a, subject);
    await settle(job, retry);
    expect((await stateOf(subject)).sort()).toEqual(['cancelled', 'queued']);
    const twin = await claim();
    if (twin) await settle(twin, { state: 'done' });
  });

  it('a job whose workers died as often as it may be tried is given up', async () => {
    const subject = newId();
    await taken(subject);
    await appliance.superuser.query(
      `update control.jobs set lease_until = now() - interval '1 s', attempt = max_attempts where subject_id = $1`,
      [subject],
    );
    expect(await claim()).toBeUndefined();
    expect(await stateOf(subject)).toEqual(['failed']);
  });

  it('a job that is queued while a worker is told that there is none does not wait for its poll', async () => {
    const { platform } = appliance.parts;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const inControl: Platform['db']['inControl'] = async (work, deadline) => {
      const found = await platform.db.inControl(work, deadline);
      await held;
      return found;
    };
    const took: string[] = [];
    const worker = await startWorker({
      platform: { ...platform, db: { ...platform.db, inControl } },
      queue: 'work',
      handlers: { 'test.run': (job) => Promise.resolve(void took.push(job.subjectId ?? '')) },
      concurrency: 1,
    });
    await pause(300);
    const subject = newId();
    await enqueue(a, subject);
    await pause(200);
    answer();
    await pause(500);
    await worker.stop();
    expect(took).toEqual([subject]);
  });
});
