import type { ControlTx, Statements, TenantTx } from '../../platform/index.ts';
import type { KeyState, WrappedKey } from '../fields/key-ring.ts';

export type DataKeyRow = WrappedKey & { createdAt: Date; promotedAt: Date | null };

/** What every process needs to open fields. */
export async function listDataKeys(tx: TenantTx): Promise<WrappedKey[]> {
  return tx.query<WrappedKey>(
    `select key.version, key.wrapped, key.state from data_keys key where key.state <> 'retired'
     order by key.version`,
  );
}

export async function listPlatformKeys(tx: ControlTx): Promise<WrappedKey[]> {
  return tx.query<WrappedKey>(
    `select key.version, key.wrapped, key.state from control.data_keys key
     where key.state <> 'retired' order by key.version`,
  );
}

/*
 * The provisioner's statements. A tenant's keys and the platform's stand in tables of one name and
 * shape; the transaction's search path says whose they are.
 */

export function listAllKeys(tx: Statements): Promise<DataKeyRow[]> {
  return tx.query<DataKeyRow>(
    `select key.version, key.wrapped, key.state, key.created_at as "createdAt",
       coalesce(key.promoted_at, key.created_at) as "promotedAt"
     from data_keys key order by key.version`,
  );
}

type NewKey = { version: number; wrapped: string; state: KeyState };

/** Does nothing when the version is there: an interrupted run had come so far. */
export async function insertKey(tx: Statements, tenantId: string, key: NewKey): Promise<void> {
  await tx.execute(
    `insert into data_keys (tenant_id, version, wrapped, state) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [tenantId, key.version, key.wrapped, key.state],
  );
}

export async function insertPlatformKey(tx: Statements, key: NewKey): Promise<void> {
  await tx.execute(
    `insert into data_keys (version, wrapped, state) values ($1, $2, $3) on conflict do nothing`,
    [key.version, key.wrapped, key.state],
  );
}

export async function replaceWrapped(
  tx: Statements,
  { version, wrapped }: { version: number; wrapped: string },
): Promise<void> {
  await tx.execute(`update data_keys set wrapped = $2 where version = $1 and state <> 'retired'`, [
    version,
    wrapped,
  ]);
}

/** Makes a `next` key the current one; the one before it only opens from now on. */
export async function promoteKey(tx: Statements, version: number): Promise<void> {
  await tx.execute(
    `update data_keys key set state = 'old'
     where key.state = 'current'
       and exists (select from data_keys next where next.version = $1 and next.state = 'next')`,
    [version],
  );
  await tx.execute(
    `update data_keys set state = 'current', promoted_at = now()
     where version = $1 and state = 'next'`,
    [version],
  );
}

/** Retires all versions before one, and forgets them. Returns how many. */
export function retireKeysBefore(tx: Statements, version: number): Promise<number> {
  return tx.execute(
    `update data_keys set state = 'retired', wrapped = '', retired_at = now()
     where state in ('old', 'next') and version < $1`,
    [version],
  );
}
