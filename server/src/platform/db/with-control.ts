import type { PoolClient } from 'pg';
import type { Deadline } from '../resilience/deadline.ts';
import { statementTimeout } from './statement-timeout.ts';
import { inAutocommit, inTransaction, type Acquire } from './transaction.ts';
import type { ControlTx, PlatformLogTx, Statements } from './types.ts';

const TIMEOUT = `select set_config('statement_timeout', $1, true)`;

/**
 * Runs `work` in one transaction on the control schema, as the process's own login role. The time
 * left of a request bounds its statements.
 */
export function withControl<T>(
  acquire: Acquire,
  work: (tx: ControlTx) => Promise<T>,
  deadline?: Deadline,
): Promise<T> {
  const opening = (client: PoolClient): Promise<unknown> => {
    const begun = client.query('BEGIN; SET LOCAL search_path = pg_catalog');
    if (!deadline) return begun;
    const values = [statementTimeout(deadline)];
    return Promise.all([begun, client.query({ text: TIMEOUT, values })]);
  };
  return inTransaction(acquire, { opening }, (statements, client) =>
    work(controlTx(statements, client)),
  );
}

/** The same for the sequencer of the platform's own log, which no other role can read. */
export function withPlatformAuditor<T>(
  acquire: Acquire,
  work: (tx: PlatformLogTx) => Promise<T>,
): Promise<T> {
  const opening = (client: PoolClient): Promise<unknown> =>
    client.query(
      'BEGIN; SET LOCAL ROLE casemate_platform_auditor; SET LOCAL search_path = control, pg_catalog',
    );
  return inTransaction(acquire, { opening }, (statements) =>
    work({ ...statements, tenantId: null } as PlatformLogTx),
  );
}

/** One statement in autocommit, for reads of the control schema on hot paths. */
export function readControl<T>(acquire: Acquire, work: (tx: ControlTx) => Promise<T>): Promise<T> {
  return inAutocommit(acquire, (statements, client) => work(controlTx(statements, client)));
}

function controlTx(statements: Statements, client: PoolClient): ControlTx {
  return {
    ...statements,
    script: async (text) => {
      await client.query(text);
    },
  } as ControlTx;
}
