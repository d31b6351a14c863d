import { tenantName, type Platform, type Statements } from '../../platform/index.ts';
import { platformKeyPlace, tenantKeyPlace } from '../key-places.ts';

/** The proof of a tenant, from the key service; `app` hands it down from room `tenancy`. */
export type ProofOf = (tenantId: string) => Promise<string>;

/** Runs `work` in one transaction whose search path finds the owner's tables. */
export type Door = <T>(work: (tx: Statements) => Promise<T>) => Promise<T>;

/**
 * For the provisioner: as the tables' owner, in the tenant's schema with its proof, or for null in
 * schema `control`. It sees wrapped keys, and of fields only what a constraint tells.
 */
export async function openOwnerDoor(
  { db }: Platform,
  proofOf: ProofOf,
  tenantId: string | null,
): Promise<Door> {
  const proof = tenantId === null ? '' : await proofOf(tenantId);
  const schema = tenantId === null ? 'control' : tenantName(tenantId);
  return (work) =>
    db.inControl(async (tx) => {
      await tx.query('set local role casemate_migrator');
      await tx.query(`select set_config('search_path', $1, true)`, [`${schema}, pg_catalog`]);
      await tx.query(`select set_config('casemate.proof', $1, true)`, [proof]);
      return work(tx);
    });
}

/** Where the owner's wrapping key is. */
export function keyPlaceOf(tenantId: string | null): ReturnType<typeof tenantKeyPlace> {
  return tenantId === null ? platformKeyPlace : tenantKeyPlace(tenantId);
}
