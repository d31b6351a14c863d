import type { PoolClient } from 'pg';
import { statementsOf } from './statements.ts';
import { assertProof, assertUuid, tenantName } from './tenant-name.ts';
import type { TenantScope, TenantTx } from './types.ts';

/** Takes a connection out of the pool; `release` gives it back. */
export type Acquire = () => Promise<PoolClient>;

/**
 * The prelude is the only text that is not parameterised. Its variables are an allowlisted schema
 * name, a hexadecimal proof and a UUID, each checked here; everything is local to the transaction.
 */
export function tenantPrelude(scope: TenantScope, role?: 'casemate_auditor'): string {
  const name = tenantName(scope.tenantId);
  const actor = scope.accountId === null ? '' : assertUuid(scope.accountId);
  return (
    `BEGIN; SET LOCAL ROLE "${role ?? name}"; SET LOCAL search_path = "${name}", pg_catalog; ` +
    `SET LOCAL casemate.proof = '${assertProof(scope.proof)}'; SET LOCAL casemate.account = '${actor}'`
  );
}

/**
 * Runs `work` in one transaction as the tenant's own database role, with row security on the proof.
 * The first statement rides in the same round trip as the prelude (the connection pipelines).
 * Commits when `work` resolves, rolls back and throws when it rejects. Nothing survives the commit.
 */
export async function withTenant<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  return inTransaction(acquire, tenantPrelude(scope), (client) => work(tenantTx(client, scope)));
}

/** The same for the audit sequencer, which reads audit rows that no tenant role can read. */
export async function withAuditor<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const prelude = tenantPrelude(scope, 'casemate_auditor');
  return inTransaction(acquire, prelude, (client) => work(tenantTx(client, scope)));
}

/**
 * Prelude, one statement and commit in a single round trip, for reads that need one statement.
 * A second statement throws: use `withTenant`.
 */
export async function readTenant<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  let spoiled: Error | undefined;
  try {
    const begun = client.query(tenantPrelude(scope));
    let committed: Promise<unknown> | undefined;
    const once: Pick<PoolClient, 'query'> = {
      query: ((config: unknown) => {
        if (committed) throw new Error('readTenant takes one statement; use withTenant');
        const answer = client.query(config as never) as unknown as Promise<unknown>;
        committed = client.query('COMMIT');
        committed.catch(() => undefined);
        return answer;
      }) as PoolClient['query'],
    };
    const [, value] = await Promise.all([begun, work(tenantTx(once, scope))]);
    await (committed ?? client.query('COMMIT'));
    return value;
  } catch (error) {
    spoiled = await rollback(client);
    throw error;
  } finally {
    client.release(spoiled);
  }
}

export async function inTransaction<T>(
  acquire: Acquire,
  prelude: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  let spoiled: Error | undefined;
  try {
    const begun = client.query(prelude);
    const [, value] = await Promise.all([begun, work(client)]);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    spoiled = await rollback(client);
    throw error;
  } finally {
    client.release(spoiled);
  }
}

/** A connection whose rollback fails may still hold a role: it is thrown away, never pooled again. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed');
  }
}

function tenantTx(client: Pick<PoolClient, 'query'>, scope: TenantScope): TenantTx {
  return { ...statementsOf(client), tenantId: scope.tenantId } as TenantTx;
}
