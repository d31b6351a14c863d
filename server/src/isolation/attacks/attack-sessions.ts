import type { TenantTx } from '../../platform/index.ts';
import type { Found } from '../report.ts';
import type { World } from '../world.ts';

const TWIN = 'a statement of B that its own timeout ends';

/** Long enough for every attempt, and far below every timeout. */
const SLEEP_SECONDS = 1.5;

/** What injected SQL would say to the session of another tenant; each must be refused outright. */
const ATTEMPTS: readonly (readonly [string, string, 'pid' | 'none'])[] = [
  ['cancel the statement of B', 'select pg_cancel_backend($1)', 'pid'],
  ['end the session of B', 'select pg_terminate_backend($1)', 'pid'],
  ['read what other sessions do', 'select query from pg_stat_get_activity(null)', 'none'],
  ['read the list of sessions', 'select query from pg_stat_activity', 'none'],
  ['write into the log of changes', `select pg_logical_emit_message(false, 'x', 'y')`, 'none'],
];

/** Whom A's transaction is when it tries: itself, and what injected SQL would make of it. */
const ROLES = ["A's role", 'the login role', 'the auditor'] as const;
const ROLE_NAMES = {
  "A's role": null,
  'the login role': 'none',
  'the auditor': 'casemate_auditor',
};

/**
 * While a statement of B runs: A tries to end it, to look at it, to hold what B needs. Tenants share
 * login roles, so the database itself would let one session of a role end another.
 */
export async function attackSessions(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const [ofA, ofB] = await Promise.all([
    subject.openTenant(a.id, a.admin.accountId),
    subject.openTenant(b.id, b.admin.accountId),
  ]);
  const begun = Promise.withResolvers<number>();
  const sleeping = subject.db.inTenant(ofB, async (tx) => {
    const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    begun.resolve(row?.pid ?? 0);
    await tx.query('select pg_sleep($1)', [SLEEP_SECONDS]);
  });
  sleeping.catch(begun.reject);
  const pid = await begun.promise;
  for (const role of ROLES)
    for (const [name, text, takes] of ATTEMPTS) {
      const found = await trySaying((work) => subject.db.inTenant(ofA, work), {
        role: ROLE_NAMES[role],
        text,
        values: takes === 'pid' ? [pid] : [],
      });
      ledger.attempt({ kind: 'connections', name: `${name}, as ${role}`, twin: TWIN }, found);
    }
  const ended = await sleeping.then(() => null, String);
  ledger.attempt(
    { kind: 'connections', name: 'the statement of B after all of these', twin: TWIN },
    ended === null ? null : { what: `was ended: ${ended}`, effects: 1 },
  );
  ledger.twin('connections', TWIN, await endByTimeout(world));
}

type Said = { role: string | null; text: string; values: readonly unknown[] };

async function trySaying(
  inTenant: (work: (tx: TenantTx) => Promise<number>) => Promise<number>,
  { role, text, values }: Said,
): Promise<Found | null> {
  try {
    const rows = await inTenant(async (tx) => {
      if (role !== null) await tx.query(`select set_config('role', $1, true)`, [role]);
      return (await tx.query(text, values)).length;
    });
    return { what: 'the database lets it', rows, effects: 1 };
  } catch (error) {
    const { code } = error as { code?: string };
    return code === '42501' ? null : { what: `fails with ${code ?? String(error)}, no refusal` };
  }
}

/** Such a statement can be ended: B's own timeout does it. */
async function endByTimeout({ b, subject }: World): Promise<string | null> {
  const scope = await subject.openTenant(b.id, b.admin.accountId);
  try {
    await subject.db.inTenant(scope, async (tx) => {
      await tx.query(`select set_config('statement_timeout', '50', true)`);
      await tx.query('select pg_sleep($1)', [SLEEP_SECONDS]);
    });
    return 'it slept to its end';
  } catch (error) {
    const { code } = error as { code?: string };
    return code === '57014' ? null : `it ended with ${code ?? String(error)}`;
  }
}
