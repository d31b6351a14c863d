import { recordOnPlatform } from '../audit/index.ts';
import {
  newId,
  startWorker,
  systemActor,
  type Job,
  type JobHandler,
  type Platform,
  type Worker,
} from '../platform/index.ts';
import type { Migration } from './migrate/migrations.ts';
import { provisionTenant } from './provision-tenant.ts';
import { sweepKeys } from './replay-deletions.ts';
import { removeTenant } from './remove-tenant.ts';
import { makeShares } from './seal/make-shares.ts';
import { lockTenant, setTenantState } from './repo/tenants.ts';
import { BUILD_FAILED, takeUpHalfDone } from './take-up-half-done.ts';

/** So many tenants are built at once; more of them only wait for each other in the catalogs. */
const CONCURRENCY = 3;
const TAKE_UP_MS = 30_000;
const SWEEP_MS = 10 * 60_000;

/** The provisioner's whole life: it takes its two kinds of jobs and nothing else reaches it. */
export async function startProvisioner(
  platform: Platform,
  migrations: readonly Migration[],
  sweepMs = SWEEP_MS,
): Promise<Worker> {
  const handlers: Record<string, JobHandler> = {
    'tenant.create': (job) => withTenantOf(job, (id) => build(platform, migrations, { job, id })),
    'tenant.drop': (job) =>
      withTenantOf(job, (id) => removeTenant({ platform, source: sourceOf(job) }, id)),
    'tenant.seal': (job) =>
      withTenantOf(job, (id) => makeShares({ platform, source: sourceOf(job) }, id)),
  };
  const worker = await startWorker({
    platform,
    queue: 'provision',
    handlers,
    concurrency: CONCURRENCY,
  });
  let round: Promise<void> = Promise.resolve();
  const takeUp = (): void => {
    const source = { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
    round = platform.db
      .inControl((tx) => takeUpHalfDone(tx, source))
      .then((found) => {
        if (found > 0) platform.log.warn('half done tenants were taken up', { found });
      })
      .catch((error: unknown) => platform.log.warn('half done tenants wait', { error }));
  };
  takeUp();
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(() => sweepKeys(platform))
      .then((found) => {
        if (found > 0) platform.log.warn('keys of deleted tenants were destroyed', { found });
      })
      .catch((error: unknown) => platform.log.warn('keys could not be swept', { error }));
  };
  const timers = [setInterval(takeUp, TAKE_UP_MS), setInterval(sweep, sweepMs)];
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([round, sweeping, worker.stop()]);
    },
  };
}

async function withTenantOf(job: Job, work: (id: string) => Promise<void>): Promise<void> {
  if (job.tenantId === null) throw new Error('a provisioning job without a tenant');
  await work(job.tenantId);
}

async function build(
  platform: Platform,
  migrations: readonly Migration[],
  { job, id }: { job: Job; id: string },
): Promise<void> {
  try {
    await provisionTenant({ platform, migrations, source: sourceOf(job) }, id);
  } catch (error) {
    if (job.attempt >= job.maxAttempts)
      await platform.db.inControl(async (tx) => {
        const tenant = await lockTenant(tx, id);
        if (tenant?.state !== 'provisioning') return;
        await setTenantState(tx, { id, state: 'failed', error: BUILD_FAILED });
        await recordOnPlatform(tx, sourceOf(job), {
          action: 'tenant.fail',
          resourceType: 'tenant',
          resourceId: id,
          tenantId: id,
        });
      });
    throw error;
  }
}

function sourceOf(job: Job): {
  requestId: string;
  actor: typeof systemActor;
  ip: null;
  userAgent: null;
} {
  return { requestId: job.id, actor: systemActor, ip: null, userAgent: null };
}
