/**
 * Room `tenancy` (floor 2): the chambers themselves.
 * Owns tenants, their schemas, roles, keys and proofs, the migrations of all schemas, and the
 * provisioner, which only jobs reach.
 * Promises: a tenant is whole or absent after any interruption; no schema without row security,
 * tenant id and constraint is ever put into use; a proof can be made by the key service alone.
 */
export { tenancyChecks } from './checks/tenancy-checks.ts';
export { createTenant } from './create-tenant.ts';
export { createTenants } from './create-tenants.ts';
export { deleteTenant, dropTenant } from './delete-tenant.ts';
export { listTenantPage } from './list-tenant-page.ts';
export { certifyDeletion, listDeletions, type SignDeletion } from './deletions/certify-deletion.ts';
export { deletionRoutes } from './deletions/routes.ts';
export { findRestorable } from './find-restorable.ts';
export { findPending, type Pending } from './migrate/find-pending.ts';
export { migrate, type Migrated, type Plan } from './migrate/migrate.ts';
export { readMigrations, type Migration } from './migrate/migrations.ts';
export { makeProof, makeProofs } from './proof-of-tenant.ts';
export { proveTenant } from './prove-tenant.ts';
export { createOpenTenant, type OpenTenant } from './open-tenant.ts';
export { startProvisioner } from './provisioner.ts';
export {
  findTenant,
  findTenantByName,
  listActiveTenantIds,
  listLoggedTenantIds,
  listTenants,
  type Language,
  type Tenant,
} from './repo/tenants.ts';
export { type TenantChange } from './repo/changes.ts';
export { closedError, createTenantChanges, type TenantChanges } from './tenant-changes.ts';
export { parseTenantName } from './policy.ts';
export { renameTenant } from './rename-tenant.ts';
export { replayDeletions } from './replay-deletions.ts';
export { retryTenant } from './retry-tenant.ts';
export { scopeOfTenant } from './scope-of-tenant.ts';
export { resumeTenant, suspendTenant } from './suspend-tenant.ts';
export { tenancyRoutes } from './routes.ts';
export {
  present as presentTenant,
  tenantState as tenantStateSchema,
  tenantWishSchema,
} from './schema.ts';
export { intoNamespaces } from './seal/key-paths.ts';
export { closeSeal } from './seal/close-seal.ts';
export { openSeal } from './seal/open-seal.ts';
export { listSealViews, readSeal, type SealView } from './seal/read-seal.ts';
export { startForgetting } from './seal/forget-prompts.ts';
export { markIndexed } from './seal/repo.ts';
export { sealChecks } from './seal/seal-checks.ts';
export { sealRoutes, shareSchema } from './seal/routes.ts';
export { createFingerprints, type Fingerprints } from './seal/fingerprints.ts';
export { proofsOfSteps } from './seal/proofs-of-steps.ts';
export { standardTexts, tenantTexts } from './seal/tenant-texts.ts';
export { createTiers, type Tier, type Tiers } from './seal/tiers.ts';
export { startSealWatch } from './seal/watch-seals.ts';
