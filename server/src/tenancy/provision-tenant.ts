import { recordOnPlatform, type AuditSource } from '../audit/index.ts';
import { tenantKeyPlace, transitKeyName } from '../crypto/index.ts';
import { bucketLogin, tenantName, type ControlTx, type Platform } from '../platform/index.ts';
import { MIGRATION_LOCK } from './migrate/migrate.ts';
import { latestOf, type Migration } from './migrate/migrations.ts';
import { makeProof, proofHash } from './proof-of-tenant.ts';
import { activateTenant, chooseBucket, lockTenant, type Tenant } from './repo/tenants.ts';
import { inNamespace } from './seal/key-paths.ts';
import { destroyNamespace } from './seal/namespace.ts';
import { prepareNamespace } from './seal/prepare-namespace.ts';
import { sealTenantSchema } from './seal-tenant-schema.ts';
import { tenantScript } from './migrate/tenant-script.ts';

/** The first SET ROLE of a connection reads all memberships of its login role: 5 ms of a thousand. */
const TENANTS_PER_BUCKET = 1_000;

type Work = { platform: Platform; migrations: readonly Migration[]; source: AuditSource };

/**
 * Builds a tenant: its wrapping key, its wrapped data key and its proof from the key service, then
 * role, schema and tables in one transaction. Running it again after any interruption completes it.
 */
export async function provisionTenant(work: Work, tenantId: string): Promise<void> {
  const { platform, migrations } = work;
  const known = await platform.db.inControl((tx) => lockTenant(tx, tenantId));
  if (known?.state !== 'provisioning' && known?.state !== 'failed') return;
  // Its key holder has not opened it yet: opening asks again.
  if (known.sealedAt !== null) return;
  if (known.tier === 'sealed') await prepareNamespace(platform.vault, tenantId);
  const wrapped = await makeDataKey(platform, tenantId);
  const proof = await makeProof(inNamespace(platform.vault, known), known);
  const gone = await platform.db.inControl(async (tx) => {
    // A new tenant never misses a migration that runs now.
    await tx.query('select pg_advisory_xact_lock_shared($1)', [MIGRATION_LOCK]);
    const tenant = await lockTenant(tx, tenantId);
    if (tenant?.state === 'dropping' || tenant?.state === 'dropped') return true;
    if (tenant?.state !== 'provisioning' && tenant?.state !== 'failed') return false;
    const bucket = await chooseBucket(tx, TENANTS_PER_BUCKET);
    await activateTenant(tx, {
      id: tenantId,
      bucket,
      proofHash: proofHash(proof),
      schemaVersion: latestOf(migrations),
    });
    await createRole(tx, tenantId, bucket);
    await createSchema(tx, { tenantId, migrations, proof, wrapped });
    await sealTenantSchema(tx, tenantId);
    await tx.query('reset role');
    await recordOnPlatform(tx, work.source, {
      action: 'tenant.provision',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
    return false;
  });
  // It was deleted while its key was made, perhaps after its removal had destroyed what was there.
  if (gone) await destroyKeys(platform, known);
}

async function destroyKeys({ keys, vault }: Platform, { id, tier }: Tenant): Promise<void> {
  if (tier === 'sealed') await destroyNamespace(vault, id);
  else await keys.destroy(transitKeyName(id));
}

async function makeDataKey({ keys }: Platform, tenantId: Tenant['id']): Promise<string> {
  const place = tenantKeyPlace(tenantId);
  await keys.create(place.key);
  return keys.wrapNew(place);
}

/* The identifiers below come from tenantName's allowlist; nothing else is spliced. */

async function createRole(tx: ControlTx, tenantId: string, bucket: number): Promise<void> {
  const role = tenantName(tenantId);
  const [found] = await tx.query('select from pg_roles role where role.rolname = $1', [role]);
  if (!found) await tx.query(`create role "${role}" nologin nobypassrls noinherit`);
  await tx.query(`alter role "${role}" inherit`);
  await tx.query(`grant casemate_tenants to "${role}" with inherit true, set false`);
  const grant = `grant "${role}" to ${bucketLogin(bucket)} with inherit false, set true`;
  // eslint-disable-next-line casemate/no-string-built-sql -- a role of the allowlist to one of sixteen
  await tx.query(grant);
}

type Schema = {
  tenantId: string;
  migrations: readonly Migration[];
  proof: string;
  wrapped: string;
};

async function createSchema(tx: ControlTx, schema: Schema): Promise<void> {
  const name = tenantName(schema.tenantId);
  await tx.query('set local role casemate_migrator');
  await tx.query(`drop schema if exists "${name}" cascade`);
  await tx.query(`create schema "${name}"`);
  await tx.query(`grant usage on schema "${name}" to "${name}", casemate_auditor`);
  await tx.query(`set local search_path = "${name}", pg_catalog`);
  await tx.query(`select set_config('casemate.proof', $1, true)`, [schema.proof]);
  await tx.script(tenantScript(schema.migrations, schema.tenantId));
  await tx.execute(
    `insert into data_keys (tenant_id, version, wrapped, state) values ($1, 1, $2, 'current')`,
    [schema.tenantId, schema.wrapped],
  );
}
