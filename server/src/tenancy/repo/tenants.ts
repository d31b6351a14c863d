import { BUCKETS, type ControlTx } from '../../platform/index.ts';
import type { Tier } from '../seal/tiers.ts';

export type TenantState =
  'provisioning' | 'active' | 'sealed' | 'suspended' | 'failed' | 'dropping' | 'dropped';

export type Language = 'en' | 'de' | 'no' | 'es' | 'fr' | 'simple';

export type Tenant = {
  id: string;
  name: string;
  language: Language;
  state: TenantState;
  /** Whether the tenant holds its own seal. */
  tier: Tier;
  /** Null while its own seal is open, and of the standard tier always. */
  sealedAt: Date | null;
  purpose: 'tenant' | 'self_check';
  epoch: number;
  /** Of the server's login roles, the one that may become this tenant's. */
  bucket: number;
  schemaVersion: number;
  error: string | null;
  createdAt: Date;
};

const COLUMNS = `tenant.id, tenant.name, tenant.language, tenant.state, tenant.tier, tenant.sealed_at as "sealedAt", tenant.purpose, tenant.epoch,
  tenant.bucket, tenant.schema_version as "schemaVersion", tenant.error, tenant.created_at as "createdAt"`;

export async function findTenant(tx: ControlTx, id: string): Promise<Tenant | undefined> {
  const rows = await tx.query<Tenant>(
    `select ${COLUMNS} from control.tenants tenant where tenant.id = $1`,
    [id],
  );
  return rows[0];
}

/** By its id, or by its name whatever the case. */
export async function findTenantByName(
  tx: ControlTx,
  nameOrId: string,
): Promise<Tenant | undefined> {
  const rows = await tx.query<Tenant>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.id::text = lower($1)
        or (lower(tenant.name) = lower($1) and tenant.purpose = 'tenant'
            and tenant.state not in ('dropping', 'dropped'))
     order by tenant.id::text = lower($1) desc limit 1`,
    [nameOrId],
  );
  return rows[0];
}

export async function listStatesOf(
  tx: ControlTx,
  ids: readonly string[],
): Promise<Map<string, TenantState>> {
  const rows = await tx.query<{ id: string; state: TenantState }>(
    'select tenant.id, tenant.state from control.tenants tenant where tenant.id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}

export async function lockTenant(tx: ControlTx, id: string): Promise<Tenant | undefined> {
  const rows = await tx.query<Tenant>(
    `select ${COLUMNS} from control.tenants tenant where tenant.id = $1 for no key update`,
    [id],
  );
  return rows[0];
}

/** What a page of the list asks for: names that hold the text, in order, behind a tenant. */
export type TenantQuery = {
  search: string;
  state: TenantState | null;
  after: { name: string; id: string } | null;
  limit: number;
};

/** A self-check's tenant is not among them; nor are those that are gone. */
const SHOWN = `tenant.purpose = 'tenant' and tenant.state <> 'dropped'
  and ($1 = '' or lower(tenant.name) like '%' || $1 || '%' or tenant.id::text = $1)
  and ($2::text is null or tenant.state = $2)`;

export async function listTenants(tx: ControlTx, query: TenantQuery): Promise<Tenant[]> {
  return tx.query<Tenant>(
    `select ${COLUMNS} from control.tenants tenant
     where ${SHOWN} and ($3::uuid is null or (lower(tenant.name), tenant.id) > (lower($4), $3::uuid))
     order by lower(tenant.name), tenant.id limit $5`,
    [
      likePattern(query.search),
      query.state,
      query.after?.id ?? null,
      query.after?.name ?? '',
      query.limit,
    ],
  );
}

export async function countTenants(
  tx: ControlTx,
  query: Pick<TenantQuery, 'search' | 'state'>,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::integer as count from control.tenants tenant where ${SHOWN}`,
    [likePattern(query.search), query.state],
  );
  return row?.count ?? 0;
}

function likePattern(search: string): string {
  return search.toLowerCase().replace(/[\\%_]/g, '\\$&');
}

export async function listActiveTenantIds(tx: ControlTx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select tenant.id from control.tenants tenant where tenant.state = 'active' order by tenant.id`,
  );
  return rows.map(({ id }) => id);
}

/** Those whose events are sequenced: a suspended tenant's too. */
export async function listLoggedTenantIds(tx: ControlTx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select tenant.id from control.tenants tenant
     where tenant.state in ('active', 'suspended') order by tenant.id`,
  );
  return rows.map(({ id }) => id);
}

/** Of these tenants the ones of which something is still there: an open row, a schema or a role. */
export async function findRemains(tx: ControlTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select wanted.id from unnest($1::uuid[]) wanted (id)
     left join control.tenants tenant on tenant.id = wanted.id
     where tenant.state <> 'dropped'
        or exists (select from pg_namespace space
                   where space.nspname = 'tenant_' || replace(wanted.id::text, '-', ''))
        or exists (select from pg_roles role
                   where role.rolname = 'tenant_' || replace(wanted.id::text, '-', ''))`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

type NewTenant = Pick<Tenant, 'id' | 'name' | 'language' | 'purpose' | 'tier'> & {
  createdBy: string | null;
};

export async function insertTenant(tx: ControlTx, tenant: NewTenant): Promise<void> {
  await tx.execute(
    `insert into control.tenants (id, name, language, purpose, created_by, tier, sealed_at, seal_reason)
     values ($1, $2, $3, $4, $5, $6, case when $6 = 'sealed' then now() end,
       case when $6 = 'sealed' then 'new' end)`,
    [tenant.id, tenant.name, tenant.language, tenant.purpose, tenant.createdBy, tenant.tier],
  );
}

export async function setTenantState(
  tx: ControlTx,
  change: { id: string; state: TenantState; error?: string },
): Promise<void> {
  await tx.execute('update control.tenants set state = $2, error = $3 where id = $1', [
    change.id,
    change.state,
    change.error ?? null,
  ]);
}

export async function updateName(
  tx: ControlTx,
  change: { id: string; name: string },
): Promise<void> {
  await tx.execute('update control.tenants set name = $2 where id = $1', [change.id, change.name]);
}

/** The server may change the state alone, not the error text. */
export async function askForState(
  tx: ControlTx,
  change: { id: string; state: TenantState },
): Promise<void> {
  await tx.execute('update control.tenants set state = $2 where id = $1', [
    change.id,
    change.state,
  ]);
}

export async function activateTenant(
  tx: ControlTx,
  tenant: { id: string; bucket: number; proofHash: Buffer; schemaVersion: number },
): Promise<void> {
  await tx.execute(
    `update control.tenants
     set state = 'active', proof_hash = $2, schema_version = $3, bucket = $4, error = null
     where id = $1`,
    [tenant.id, tenant.proofHash, tenant.schemaVersion, tenant.bucket],
  );
}

/**
 * The first bucket that has room, so that few login roles share the connections; when all are full,
 * the one with the fewest tenants.
 */
export async function chooseBucket(tx: ControlTx, room: number): Promise<number> {
  const [row] = await tx.query<{ bucket: number }>(
    `select bucket.n as bucket from generate_series(0, $1 - 1) as bucket (n)
     left join lateral (select count(*) as tenants from control.tenants tenant
                        where tenant.bucket = bucket.n and tenant.proof_hash is not null
                          and tenant.state <> 'dropped') held on true
     order by held.tenants >= $2, case when held.tenants >= $2 then held.tenants end, bucket.n
     limit 1`,
    [BUCKETS, room],
  );
  return row?.bucket ?? 0;
}

export type HalfDone = {
  id: string;
  state: TenantState;
  /** The last job for it ended for good. */
  gaveUp: boolean;
};

/**
 * Tenants that nobody works on although someone should; the newest are left to their own job. One that
 * is sealed waits for its key holder, not for us.
 */
export async function listHalfDone(tx: ControlTx): Promise<HalfDone[]> {
  return tx.query<HalfDone>(
    `select tenant.id, tenant.state,
            coalesce((select job.state = 'failed' from control.jobs job
                      where job.queue = 'provision' and job.tenant_id = tenant.id
                        and job.kind = 'tenant.create' and job.created_at >= tenant.changed_at - interval '1 second'
                      order by job.created_at desc limit 1), false) as "gaveUp"
     from control.tenants tenant
     where ((tenant.state = 'dropping' or tenant.state = 'provisioning' and tenant.sealed_at is null)
              and tenant.changed_at < now() - interval '5 seconds'
            or tenant.purpose = 'self_check' and tenant.state in ('active', 'failed')
               and tenant.created_at < now() - interval '1 hour')
       and not exists (select from control.jobs job
                       where job.queue = 'provision' and job.tenant_id = tenant.id
                         and job.state in ('queued', 'running'))
     order by tenant.id limit 100 for no key update of tenant skip locked`,
  );
}
