import { setTimeout as sleep } from 'node:timers/promises';
import { enqueueJob, newId } from '../../platform/index.ts';
import type { CanaryPerson, CanaryTenant } from '../canaries/canary.ts';
import { findJob, type JobState } from '../repo/jobs.ts';
import type { ObjectKind } from '../requests/fixtures.ts';
import type { World } from '../world.ts';
import { attackQueue } from './attack-queue.ts';

type Sample = {
  about: ObjectKind;
  /** Why the rightful job changes nothing on a canary: then its twin shows that it runs to its end. */
  quiet?: string;
};

/** What a job of each kind is about. A kind that is not here fails the test until somebody adds it. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'knowledge.ingest': { about: 'failedDocument' },
  'knowledge.reembed': { about: 'tenant', quiet: 'all vectors are of the present model' },
  'knowledge.rebuild_index': { about: 'tenant', quiet: 'only tenants with their own seal lose it' },
};

const SETTLED_WITHIN_MS = 30_000;

/**
 * The queue: jobs of A about things of B, jobs whose account is another's, jobs that a role puts
 * past the door. The running worker takes them; B must not change, and who may not ask is refused.
 * The twin is B's own job, asked for by its own administrator or its upkeep.
 */
export async function attackJobs(world: World): Promise<void> {
  const { ledger, subject, watch } = world;
  const kinds = Object.keys(subject.jobs);
  ledger.demand('job_kinds', kinds);
  for (const kind of kinds) {
    const sample = SAMPLES[kind];
    if (!sample) continue;
    await watch.begin();
    await attackKind(world, kind, sample.about);
    const changed = (await watch.changes()).filter(isNoJob);
    ledger.attempt(
      { kind: 'jobs', name: `${kind}: what all of them did to B`, twin: twinOf(kind) },
      changed.length > 0
        ? { what: `changed B: ${changed.join('; ')}`, effects: changed.length }
        : null,
    );
    await showTwin(world, kind, sample);
    ledger.cover('job_kinds', kind);
  }
  await attackQueue(world);
}

const twinOf = (kind: string): string => `${kind} of B, asked for by who may`;

type Asked = { tenant: CanaryTenant; kind: string; subjectId: string; as: CanaryPerson | null };

async function attackKind(world: World, kind: string, named: ObjectKind): Promise<void> {
  const { a, b, ledger, subject } = world;
  const rule = subject.jobs[kind];
  const theirs = b.objects.get(named) ?? newId();
  const twin = twinOf(kind);
  const refusals: [string, Asked][] = [
    [
      "A's job in the name of B's administrator",
      { tenant: a, kind, subjectId: newId(), as: b.admin },
    ],
    [
      "A's job in the name of a stranger",
      { tenant: a, kind, subjectId: newId(), as: world.stranger },
    ],
    [
      "A's job in the name of the platform",
      { tenant: a, kind, subjectId: newId(), as: world.platform },
    ],
    ["A's job in the name of a reviewer", { tenant: a, kind, subjectId: newId(), as: a.reviewer }],
    [
      "B's job in the name of A's administrator",
      { tenant: b, kind, subjectId: newId(), as: a.admin },
    ],
    ...(rule?.bySystem
      ? []
      : [
          ["a job in nobody's name", { tenant: a, kind, subjectId: newId(), as: null }] as [
            string,
            Asked,
          ],
        ]),
  ];
  await Promise.all(
    refusals.map(async ([name, asked]) => {
      const { state, error } = await runJob(world, asked);
      const refused = state === 'failed' && error === 'JobRefused';
      ledger.attempt(
        { kind: 'jobs', name: `${kind}: ${name}`, twin },
        refused ? null : { what: `the job ended as ${state} ${error ?? ''}`, effects: 1 },
      );
    }),
  );
  // The tenant's own upkeep, about a thing of another tenant: it runs, and finds nothing.
  for (const as of [null, a.admin]) await runJob(world, { tenant: a, kind, subjectId: theirs, as });
  ledger.attempt({ kind: 'jobs', name: `${kind}: A's job about B's ${named}`, twin }, null);
}

/** Through the only door from a tenant's transaction, as the tenant whose proof is open. */
async function runJob(world: World, { tenant, kind, subjectId, as }: Asked): Promise<JobState> {
  const { subject } = world;
  const scope = await subject.openTenant(tenant.id, as?.accountId ?? null);
  await subject.db.inTenant(scope, (tx) => enqueueJob(tx, { kind, subjectId }));
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const job = await subject.ctx.inControl((tx) =>
      findJob(tx, { tenantId: tenant.id, kind, subjectId }),
    );
    const ended = job && !['queued', 'running'].includes(job.state);
    if (ended) return job;
    if (Date.now() > deadline) return job ?? { state: 'lost', error: null };
    await sleep(60);
  }
}

/** The queue's own row is no change of the tenant. */
const isNoJob = (line: string): boolean => !line.startsWith('control.jobs');

async function showTwin(world: World, kind: string, { about, quiet }: Sample): Promise<void> {
  const { b, ledger, subject, watch } = world;
  const rule = subject.jobs[kind];
  const subjectId = b.objects.get(about) ?? newId();
  if (about === 'failedDocument') await makeWaiting(world, subjectId);
  await watch.begin();
  const as = rule?.permission === null ? null : b.admin;
  const { state, error } = await runJob(world, { tenant: b, kind, subjectId, as });
  const changed = (await watch.changes()).filter(isNoJob);
  const done = state === 'done' && (quiet !== undefined || changed.length > 0);
  ledger.twin('jobs', twinOf(kind), done ? null : `ended as ${state} ${error ?? ''}`);
}

/** A document of B that waits for its vectors: its own job makes it ready. */
async function makeWaiting({ b, subject }: World, id: string): Promise<void> {
  const scope = await subject.openTenant(b.id, b.admin.accountId);
  await subject.db.inTenant(scope, (tx) =>
    tx.execute(
      `update documents set state = 'embedding', error_code = null, error_detail = null where id = $1`,
      [id],
    ),
  );
}
