import { recordOnPlatform } from '../audit/index.ts';
import {
  startWorker,
  systemActor,
  type Job,
  type JobHandler,
  type Platform,
  type Worker,
} from '../platform/index.ts';
import type { Migration } from './migrate/migrations.ts';
import { provisionTenant } from './provision-tenant.ts';
import { removeTenant } from './remove-tenant.ts';
import { makeShares } from './seal/make-shares.ts';
import { lockTenant, setTenantState } from './repo/tenants.ts';

/** The provisioner's whole life: it takes its two kinds of jobs and nothing else reaches it. */
export function startProvisioner(
  platform: Platform,
  migrations: readonly Migration[],
): Promise<Worker> {
  const handlers: Record<string, JobHandler> = {
    'tenant.create': (job) => withTenantOf(job, (id) => build(platform, migrations, { job, id })),
    'tenant.drop': (job) =>
      withTenantOf(job, (id) => removeTenant({ platform, source: sourceOf(job) }, id)),
    'tenant.seal': (job) =>
      withTenantOf(job, (id) => makeShares({ platform, source: sourceOf(job) }, id)),
  };
  return startWorker({ platform, queue: 'provision', handlers, concurrency: 1 });
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
        const text = 'The tenant could not be built; see the provisioner log, then try again';
        await setTenantState(tx, { id, state: 'failed', error: text });
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
