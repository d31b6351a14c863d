import { enqueueJob, newId, type TenantTx } from '../../platform/index.ts';
import { findJob, forgeJob } from '../repo/jobs.ts';
import type { World } from '../world.ts';

type InTenant = (work: (tx: TenantTx) => Promise<unknown>) => Promise<unknown>;

const DOOR = 'a job of its own through the door';

/** Each role that could try to write the queue itself, and work that a tenant may not ask for. */
export async function attackQueue(world: World): Promise<void> {
  const { a, ledger, subject } = world;
  const scope = await subject.openTenant(a.id, a.admin.accountId);
  const inTenant: InTenant = (work) => subject.db.inTenant(scope, work);
  for (const [name, run] of attemptsOn(world, inTenant)) {
    let what: string | null = 'the queue took it';
    try {
      await run();
    } catch (error) {
      const { code } = error as { code?: string };
      what = code === '42501' ? null : `fails with ${code ?? String(error)}, which is no refusal`;
    }
    ledger.attempt({ kind: 'jobs', name, twin: DOOR }, what === null ? null : { what, effects: 1 });
  }
  const subjectId = newId();
  await inTenant((tx) => enqueueJob(tx, { kind: 'isolation.nothing', subjectId }));
  const job = await subject.ctx.inControl((tx) =>
    findJob(tx, { tenantId: a.id, kind: 'isolation.nothing', subjectId }),
  );
  ledger.twin('jobs', DOOR, job?.state === 'queued' ? null : 'is not in the queue');
}

function attemptsOn(
  { a, b, subject }: World,
  inTenant: InTenant,
): [string, () => Promise<unknown>][] {
  const forged = (queue: 'work' | 'provision', kind: string, accountId?: string) => ({
    id: newId(),
    queue,
    kind,
    tenantId: b.id,
    subjectId: newId(),
    ...(accountId === undefined ? {} : { accountId }),
  });
  const become = (tx: TenantTx, role: string): Promise<unknown> =>
    tx.query(`select set_config('role', $1, true)`, [role]);
  return [
    [
      "A's role writes a job of B",
      () => inTenant((tx) => forgeJob(tx, forged('work', 'knowledge.ingest'))),
    ],
    [
      "A's role writes work for the provisioner",
      () => inTenant((tx) => forgeJob(tx, forged('provision', 'tenant.drop'))),
    ],
    [
      'the login role writes a job of B',
      () =>
        inTenant(async (tx) => {
          await become(tx, 'none');
          return forgeJob(tx, forged('work', 'knowledge.ingest'));
        }),
    ],
    [
      'the auditor writes a job of B',
      () =>
        inTenant(async (tx) => {
          await become(tx, 'casemate_auditor');
          return forgeJob(tx, forged('work', 'knowledge.ingest'));
        }),
    ],
    [
      "the server's role writes a job with an account",
      () =>
        subject.db.inControl((tx) =>
          forgeJob(tx, forged('work', 'knowledge.ingest', b.admin.accountId)),
        ),
    ],
    [
      "the server's role writes unknown work for the provisioner",
      () => subject.db.inControl((tx) => forgeJob(tx, forged('provision', 'tenant.steal'))),
    ],
    [
      'A asks for its own removal',
      () => inTenant((tx) => enqueueJob(tx, { kind: 'tenant.drop', subjectId: a.id })),
    ],
    [
      'a job without a proof',
      () =>
        inTenant(async (tx) => {
          await tx.query(`select set_config('casemate.proof', '', true)`);
          await enqueueJob(tx, { kind: 'knowledge.ingest', subjectId: newId() });
        }),
    ],
    ['A reads the queue', () => inTenant((tx) => tx.query('select * from control.jobs'))],
  ];
}
