import { tenantName, type TenantScope, type TenantTx } from '../../platform/index.ts';
import { listLoginRoles, listTables } from '../repo/catalog.ts';
import type { World } from '../world.ts';
import { fillTable } from './fill-table.ts';
import { listOperations, type Operation } from './list-operations.ts';

type Way = {
  name: string;
  /** Privileges alone must refuse it: that row security would show no row is not enough. */
  closed?: true;
  run: (work: (tx: TenantTx) => Promise<number>) => Promise<number>;
};

/** Thrown to roll back what a twin or an attempt did. */
class Undo extends Error {
  readonly count: number;
  constructor(count: number) {
    super('undo');
    this.count = count;
  }
}

/** Refusals of the database: privilege, row security. Any other failure shows nothing. */
const REFUSED = new Set(['42501']);

/**
 * Every table of B in the database's own catalog: read, copied, inserted into, changed, emptied by
 * every wrong pair of role and proof. The twin is the same statement by B's role with B's proof.
 */
export async function attackTables(world: World): Promise<void> {
  const { b, ledger, subject, watch } = world;
  const schema = tenantName(b.id);
  const scopes = await scopesOf(world);
  const tables = await subject.db.inTenant(scopes.own, (tx) => listTables(tx, schema));
  ledger.demand('tables', tables);
  for (const table of tables) {
    const row = await fillTable(world, table);
    if (!row) continue;
    const operations = await listOperations(world, { schema, table, row });
    await watch.begin();
    for (const operation of operations) {
      await showTwin(world, scopes, { table, operation });
      for (const way of waysOf(world, scopes)) await attempt(world, way, { table, operation });
    }
    const changed = await watch.changes();
    if (changed.length > 0)
      ledger.attempt(
        {
          kind: 'tables',
          name: `${table}: all of its attempts together`,
          twin: `select of ${table}`,
        },
        { what: `changed B: ${changed.join('; ')}`, effects: changed.length },
      );
    if (operations.length > 0) ledger.cover('tables', table);
  }
}

type Scopes = {
  own: TenantScope;
  foreign: TenantScope;
  /** Besides tenants' roles, those that the login role may become. */
  roles: readonly string[];
};

async function scopesOf({ a, b, subject }: World): Promise<Scopes> {
  const foreign = await subject.openTenant(a.id, a.admin.accountId);
  return {
    own: await subject.openTenant(b.id, b.admin.accountId),
    foreign,
    roles: await subject.db.inTenant(foreign, listLoginRoles),
  };
}

/** Every wrong pair; each runs the work in a transaction that is undone. */
function waysOf({ b, subject }: World, { own, foreign, roles }: Scopes): Way[] {
  const { db } = subject;
  const roleB = tenantName(b.id);
  const inTenant =
    (scope: TenantScope, before?: readonly [string, readonly unknown[]]): Way['run'] =>
    (work) =>
      undone((undo) =>
        db.inTenant(scope, async (tx) => {
          if (before) await tx.query(before[0], before[1]);
          return undo(await work(tx));
        }),
      );
  const become = (role: string): readonly [string, readonly unknown[]] => [
    `select set_config('role', $1, true)`,
    [role],
  ];
  return [
    { name: "A's role with A's proof", closed: true, run: inTenant(foreign) },
    {
      name: "A's role with B's proof",
      closed: true,
      run: inTenant({ ...foreign, proof: own.proof }),
    },
    { name: "B's role with A's proof", run: inTenant({ ...own, proof: foreign.proof }) },
    {
      name: "B's role with A's proof and A's account",
      run: inTenant({ ...own, proof: foreign.proof, accountId: foreign.accountId }),
    },
    {
      name: "B's role with a proof that nobody made",
      run: inTenant({ ...own, proof: 'f'.repeat(64) }),
    },
    {
      name: "B's role without a proof",
      run: inTenant(own, [`select set_config('casemate.proof', '', true)`, []]),
    },
    { name: "A's transaction that assumes B's role", run: inTenant(foreign, become(roleB)) },
    ...roles.map((role) => ({
      name: `A's transaction that assumes ${role}`,
      run: inTenant(foreign, become(role)),
    })),
    {
      name: 'the login role, out of its tenant role',
      closed: true,
      run: inTenant(foreign, become('none')),
    },
    {
      name: "the auditor with A's proof",
      run: (work) =>
        undone((undo) =>
          db.inAuditor({ ...own, proof: foreign.proof }, async (tx) => undo(await work(tx))),
        ),
    },
    {
      name: 'the role of the control schema',
      closed: true,
      run: (work) =>
        undone((undo) => db.inControl(async (tx) => undo(await work(tx as unknown as TenantTx)))),
    },
  ];
}

/** Runs and rolls back; gives how many rows the statement reached. */
async function undone(run: (undo: (count: number) => never) => Promise<unknown>): Promise<number> {
  try {
    await run((count) => {
      throw new Undo(count);
    });
  } catch (error) {
    if (error instanceof Undo) return error.count;
    throw error;
  }
  return 0;
}

type On = { table: string; operation: Operation };

const run =
  ({ operation }: On) =>
  (tx: TenantTx): Promise<number> =>
    operation.run(tx);

async function attempt({ ledger }: World, way: Way, on: On): Promise<void> {
  const { table, operation } = on;
  const of = {
    kind: 'tables' as const,
    name: `${operation.name} ${table} as ${way.name}`,
    twin: `${operation.name} of ${table}`,
  };
  try {
    const rows = await way.run(run(on));
    const letIn = way.closed ? { what: 'is let in: row security alone keeps the rows' } : null;
    ledger.attempt(of, rows > 0 ? { what: `reached ${rows} rows`, rows } : letIn);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    ledger.attempt(
      of,
      REFUSED.has(code)
        ? null
        : { what: `fails with ${code || String(error)}, which is no refusal` },
    );
  }
}

/** B's own role, or the auditor where only that may; a key that stops it was reached, too. */
async function showTwin({ ledger, subject }: World, { own }: Scopes, on: On): Promise<void> {
  const { table, operation } = on;
  const { db } = subject;
  let why: string | null;
  try {
    const count = await undone((undo) => {
      const work = async (tx: TenantTx): Promise<never> => undo(await operation.run(tx));
      return operation.by === 'auditor' ? db.inAuditor(own, work) : db.inTenant(own, work);
    });
    why = count > 0 ? null : 'its owner reaches no row';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    why = code === '23505' || code === '23503' ? null : `its owner gets ${code ?? ''} ${message}`;
  }
  ledger.twin('tables', `${operation.name} of ${table}`, why);
}
