import type { PoolClient } from 'pg';
import { assertProof, assertUuid, tenantName } from './tenant-name.ts';
import { statementTimeout } from './statement-timeout.ts';
import { whileOpen } from './tenant-closed.ts';
import { inOneRoundTrip, inTransaction, type Acquire, type Frame } from './transaction.ts';
import type { Statements, TenantScope, TenantTx } from './types.ts';

type SystemRole = 'casemate_auditor' | 'casemate_rekeyer';

/**
 * The prelude is the only text that is not parameterised; its variable is an allowlisted schema
 * name. The proof and the account follow as bind values, so that no statement text, log or view of
 * other sessions' activity ever holds them. Everything is local to the transaction.
 */
export function tenantPrelude(tenantId: string, role?: SystemRole): string {
  const name = tenantName(tenantId);
  return `BEGIN; SET LOCAL ROLE "${role ?? name}"; SET LOCAL search_path = "${name}", pg_catalog`;
}

const CLAIM = `select set_config('casemate.proof', $1, true), set_config('casemate.account', $2, true),
  set_config('statement_timeout', $3, true)`;

/** One message: a transaction that saw the tenant closed does not commit. */
const END_OPEN = 'SELECT control.require_open(); COMMIT';

function frameOf(scope: TenantScope, role?: SystemRole): Frame {
  const account = scope.accountId === null ? '' : assertUuid(scope.accountId);
  const values = [assertProof(scope.proof), account, statementTimeout(scope.deadline)];
  const claim = { text: CLAIM, values, queryMode: 'extended' };
  const prelude = tenantPrelude(scope.tenantId, role);
  return {
    opening: (client: PoolClient) => Promise.all([client.query(prelude), client.query(claim)]),
    ...(scope.mustStayOpen ? { ending: END_OPEN } : {}),
  };
}

/**
 * Runs `work` in one transaction as the tenant's own database role, with row security on the proof.
 * The first statement rides in the same round trip as the prelude (the connection pipelines).
 * Commits when `work` resolves, rolls back and throws when it rejects. Nothing survives the commit.
 */
export function withTenant<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  return whileOpen(() =>
    inTransaction(acquire, frameOf(scope), (statements) => work(txOf(statements, scope))),
  );
}

/** The same for the audit sequencer, which reads audit rows that no tenant role can read. */
export function withAuditor<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const frame = frameOf(scope, 'casemate_auditor');
  return inTransaction(acquire, frame, (statements) => work(txOf(statements, scope)));
}

/** The same for the job that moves fields to a new key: ids of rows and ciphertext, of all people. */
export function withRekeyer<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const frame = frameOf(scope, 'casemate_rekeyer');
  return whileOpen(() =>
    inTransaction(acquire, frame, (statements) => work(txOf(statements, scope))),
  );
}

/**
 * Prelude, one statement and commit in a single round trip, for reads that need one statement.
 * A second statement throws: use `withTenant`.
 */
export function readTenant<T>(
  acquire: Acquire,
  scope: TenantScope,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  return whileOpen(() =>
    inOneRoundTrip(acquire, frameOf(scope), (statements) => work(txOf(statements, scope))),
  );
}

function txOf(statements: Statements, { tenantId, accountId }: TenantScope): TenantTx {
  return { ...statements, tenantId, accountId } as TenantTx;
}
