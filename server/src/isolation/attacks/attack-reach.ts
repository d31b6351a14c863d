import type { TenantScope, TenantTx } from '../../platform/index.ts';
import { tenantName } from '../../platform/index.ts';
import { listEstimates, listReaching } from '../repo/catalog.ts';
import type { Found } from '../report.ts';
import type { World } from '../world.ts';

const LOCKS = 'B takes its own locks while A holds its own';
const COUNTS = 'B counts its own rows';

/** Whom A's transaction is when it tries: itself, and what injected SQL would make of it. */
const ROLES = {
  "A's role": null,
  'the login role': 'none',
  'the auditor': 'casemate_auditor',
  'the rekeyer': 'casemate_rekeyer',
} as const;

/**
 * What SQL that was injected into A's transaction could say to the database itself: hold what others
 * wait for, and count what they have. The functions are those that the database's own catalog has.
 */
export async function attackReach(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const [ofA, ofB] = await Promise.all([
    subject.openTenant(a.id, a.admin.accountId),
    subject.openTenant(b.id, b.admin.accountId),
  ]);
  const attempts = await subject.db.inTenant(ofA, async (tx) => {
    const [functions, columns] = [
      await listReaching(tx),
      await listEstimates(tx, tenantName(b.id)),
    ];
    return [
      ...functions.map(({ name, call, locks }) => ({
        name: `${locks ? 'lock' : 'look'} with ${name}`,
        text: `select ${call}`,
        twin: locks ? LOCKS : COUNTS,
      })),
      ...columns.map(({ name, text }) => ({
        name: `read ${name} of B's tables`,
        text,
        twin: COUNTS,
      })),
    ];
  });
  for (const { name, text, twin } of attempts)
    for (const [who, role] of Object.entries(ROLES)) {
      const found = await tryTelling((work) => subject.db.inTenant(ofA, work), { role, text });
      ledger.attempt({ kind: 'injection', name: `${name}, as ${who}`, twin }, found);
    }
  ledger.twin('injection', LOCKS, await lockBeside(world, ofA, ofB));
  ledger.twin('injection', COUNTS, await countOwn(world, ofB));
}

type InTenant = (work: (tx: TenantTx) => Promise<number>) => Promise<number>;

async function tryTelling(
  inTenant: InTenant,
  { role, text }: { role: string | null; text: string },
): Promise<Found | null> {
  try {
    const rows = await inTenant(async (tx) => {
      if (role !== null) await tx.query(`select set_config('role', $1, true)`, [role]);
      return (await tx.query(text)).length;
    });
    return { what: 'the database lets it', rows, effects: 1 };
  } catch (error) {
    const { code } = error as { code?: string };
    return code === '42501' ? null : { what: `fails with ${code ?? String(error)}, no refusal` };
  }
}

/** The locks that a tenant has are its own: A's, held on purpose, keep B waiting for nothing. */
async function lockBeside(
  { subject }: World,
  ofA: TenantScope,
  ofB: TenantScope,
): Promise<string | null> {
  try {
    return await subject.db.inTenant(ofA, async (tx) => {
      await tx.query('select control.lock_counts()');
      return subject.db.inTenant(ofB, async (beside) => {
        await beside.query(`select set_config('lock_timeout', '500ms', true)`);
        await beside.query('select control.lock_counts()');
        return null;
      });
    });
  } catch (error) {
    return `B was kept waiting: ${String(error)}`;
  }
}

async function countOwn({ subject }: World, ofB: TenantScope): Promise<string | null> {
  const [row] = await subject.db.readTenant(ofB, (tx) =>
    tx.query<{ count: number }>('select count(*)::int as count from documents'),
  );
  return (row?.count ?? 0) > 0 ? null : 'B counts none';
}
