import type { PoolClient } from 'pg';
import { statementsOf } from './statements.ts';
import type { ControlTx } from './types.ts';
import { inTransaction, type Acquire } from './with-tenant.ts';

/** Runs `work` in one transaction on the control schema, as the process's own login role. */
export async function withControl<T>(
  acquire: Acquire,
  work: (tx: ControlTx) => Promise<T>,
): Promise<T> {
  return inTransaction(acquire, 'BEGIN; SET LOCAL search_path = pg_catalog', (client) =>
    work(controlTx(client)),
  );
}

/** One statement in autocommit, for reads of the control schema on hot paths. */
export async function readControl<T>(
  acquire: Acquire,
  work: (tx: ControlTx) => Promise<T>,
): Promise<T> {
  const client = await acquire();
  try {
    return await work(controlTx(client));
  } finally {
    client.release();
  }
}

function controlTx(client: PoolClient): ControlTx {
  return {
    ...statementsOf(client),
    script: async (text) => {
      await client.query(text);
    },
  } as ControlTx;
}
