import { tenantName, type TenantScope } from '../../platform/index.ts';
import type { World } from '../world.ts';
import { listEndings } from './list-endings.ts';

type Trace = {
  who: string;
  proof: string;
  account: string;
  path: string;
  cursors: string;
  statements: string;
  channels: string;
  temporary: string;
  read_only: string;
  timeout: string;
};

/**
 * Transactions of A that end badly or leave something behind, and what B then finds on the same
 * connections: nothing. The twin is A itself, which sees what it left while its transaction lasts.
 */
export async function attackConnections(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const ofA = await subject.openTenant(a.id, a.admin.accountId);
  const ofB = await subject.openTenant(b.id, b.admin.accountId);
  const clean = await lookAround(world, ofB);
  for (const ending of listEndings(tenantName(a.id), ofA)) {
    const twin = `${ending.name}, seen by A itself`;
    let shown = ending.shows === null;
    await subject.db
      .inTenant(ofA, async (tx) => {
        await ending.run(tx);
        if (ending.shows) shown = await ending.shows(tx);
      })
      .catch(() => {
        // Where nothing is left to see, the failure itself is what was wanted.
        if (ending.shows === null) shown = true;
      });
    ledger.twin('connections', twin, shown ? null : 'A sees nothing of it');
    const after = await lookAround(world, ofB);
    const differs = after.flatMap((trace, index) => compare(trace, clean[index] ?? clean[0]));
    ledger.attempt(
      { kind: 'connections', name: `what B finds after ${ending.name}`, twin },
      differs.length > 0 ? { what: differs.join('; '), rows: differs.length } : null,
    );
  }
}

function compare(found: Trace, clean: Trace | undefined): string[] {
  return Object.entries(found)
    .filter(([name, value]) => value !== clean?.[name as keyof Trace])
    .map(([name, value]) => `${name}: ${value}`);
}

/** B's view on every connection that the pool has, several times over. */
function lookAround({ subject }: World, scope: TenantScope): Promise<Trace[]> {
  return Promise.all(
    Array.from({ length: 4 }, () =>
      subject.db.inTenant(scope, async (tx) => {
        const [trace] = await tx.query<Trace>(
          `select current_user::text as who, current_setting('casemate.proof', true) as proof,
             current_setting('casemate.account', true) as account, current_setting('search_path') as path,
             (select coalesce(string_agg(name, ','), '') from pg_cursors where name !~ '^<unnamed') as cursors,
             (select coalesce(string_agg(name, ','), '') from pg_prepared_statements) as statements,
             (select coalesce(string_agg(channel, ','), '') from pg_listening_channels() channel) as channels,
             (select count(*)::text from pg_class class where class.relpersistence = 't'
               and pg_table_is_visible(class.oid)) as temporary,
             current_setting('default_transaction_read_only') as read_only,
             current_setting('statement_timeout') as timeout`,
        );
        if (!trace) throw new Error('a transaction that sees nothing of itself');
        return trace;
      }),
    ),
  );
}
