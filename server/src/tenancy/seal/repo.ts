import type { ControlTx } from '../../platform/index.ts';
import type { Tier } from './tiers.ts';

export async function findTier(tx: ControlTx, tenantId: string): Promise<Tier | undefined> {
  const rows = await tx.query<{ tier: Tier }>(
    'select tenant.tier from control.tenants tenant where tenant.id = $1',
    [tenantId],
  );
  return rows[0]?.tier;
}

export type SealReason = 'new' | 'person' | 'key_service';

export type Seal = {
  tenantId: string;
  name: string;
  state: string;
  sealedAt: Date | null;
  reason: SealReason | null;
  /** Since when the search index is whole; null while it is dropped or rebuilt. */
  indexedAt: Date | null;
  /** Since when the model server may hold prompts of it although it is sealed; null when it holds none. */
  promptsLeftSince: Date | null;
};

const COLUMNS = `tenant.id as "tenantId", tenant.name, tenant.state, tenant.sealed_at as "sealedAt",
  tenant.seal_reason as reason, tenant.indexed_at as "indexedAt",
  tenant.prompts_left_since as "promptsLeftSince"`;

/** Undefined for a tenant that holds no seal of its own. */
export async function findSeal(tx: ControlTx, tenantId: string): Promise<Seal | undefined> {
  const rows = await tx.query<Seal>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.id = $1 and tenant.tier = 'sealed' and tenant.state not in ('dropping', 'dropped')`,
    [tenantId],
  );
  return rows[0];
}

export function listSeals(tx: ControlTx): Promise<Seal[]> {
  return tx.query<Seal>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.tier = 'sealed' and tenant.state not in ('dropping', 'dropped') order by tenant.id`,
  );
}

/** False when it was marked already. */
export async function markSealed(
  tx: ControlTx,
  mark: { tenantId: string; reason: SealReason },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.tenants tenant
     set sealed_at = now(), seal_reason = $2,
         state = case when tenant.state = 'active' then 'sealed' else tenant.state end
     where tenant.id = $1 and tenant.tier = 'sealed' and tenant.sealed_at is null`,
    [mark.tenantId, mark.reason],
  );
  return count === 1;
}

/** The state that the tenant has now; undefined when it was marked open already. */
export async function markOpen(tx: ControlTx, tenantId: string): Promise<string | undefined> {
  const rows = await tx.query<{ state: string }>(
    `update control.tenants tenant
     set sealed_at = null, seal_reason = null,
         state = case when tenant.state = 'sealed' then 'active' else tenant.state end
     where tenant.id = $1 and tenant.tier = 'sealed' and tenant.sealed_at is not null
     returning tenant.state`,
    [tenantId],
  );
  return rows[0]?.state;
}

export async function dropIndex(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.query('select control.drop_search_index($1)', [tenantId]);
}

/** Files of the words and vectors, in bytes; 0 once dropped. */
export async function indexBytes(tx: ControlTx, tenantId: string): Promise<number> {
  const rows = await tx.query<{ bytes: number }>(
    'select control.search_index_bytes($1)::float8 as bytes',
    [tenantId],
  );
  return rows[0]?.bytes ?? 0;
}

/** Two who open or seal one tenant at the same time take turns. */
export async function lockSeal(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('seal:' || $1, 0))", [tenantId]);
}

export async function markIndexed(
  tx: ControlTx,
  mark: { tenantId: string; whole: boolean },
): Promise<void> {
  await tx.execute(
    `update control.tenants tenant set indexed_at = case when $2 then now() end
     where tenant.id = $1 and tenant.tier = 'sealed'`,
    [mark.tenantId, mark.whole],
  );
}

/**
 * The tenants whose prompts the model server shall forget, and the moment of the database's clock to
 * which this is true. Those of the last seconds are not among them: a process may not have heard yet
 * that they are closed.
 */
export async function listPromptsLeft(
  tx: ControlTx,
  settleSeconds: number,
): Promise<{ tenantIds: string[]; at: Date }> {
  const [row] = await tx.query<{ tenantIds: string[]; at: Date }>(
    `select coalesce(array_agg(tenant.id::text), '{}') as "tenantIds", now() as at
     from control.tenants tenant
     where tenant.prompts_left_since < now() - make_interval(secs => $1)`,
    [settleSeconds],
  );
  return row ?? { tenantIds: [], at: new Date(0) };
}

/** Gives those that were still noted; of a tenant that was opened and sealed since then, nothing. */
export async function markForgotten(
  tx: ControlTx,
  { tenantIds, at }: { tenantIds: readonly string[]; at: Date },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update control.tenants tenant set prompts_left_since = null
     where tenant.id = any($1::uuid[]) and tenant.prompts_left_since < $2 returning tenant.id`,
    [tenantIds, at],
  );
  return rows.map(({ id }) => id);
}
