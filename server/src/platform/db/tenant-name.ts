import { AppError } from '../app-error.ts';

const TENANT_NAME = /^tenant_[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PROOF = /^[0-9a-f]{64}$/;
const IDENTIFIER = /^[a-z][a-z0-9_]{0,62}$/;

/** A schema (and role) name that passed the allowlist; the only identifier that is ever spliced. */
export type TenantName = string & { readonly __tenantName: true };

/** The schema and role name of a tenant id. Throws invalid_input for anything but a UUID. */
export function tenantName(tenantId: string): TenantName {
  const name = `tenant_${tenantId.replaceAll('-', '')}`;
  if (!UUID.test(tenantId) || !TENANT_NAME.test(name))
    throw new AppError('invalid_input', 'The tenant id is not a UUID');
  return name as TenantName;
}

/** A name of the program's own (a table, a column), quoted. Throws for any other text. */
export function assertIdentifier(name: string): string {
  if (!IDENTIFIER.test(name)) throw new AppError('internal', 'A name is no identifier');
  return `"${name}"`;
}

export function assertUuid(id: string): string {
  if (!UUID.test(id)) throw new AppError('invalid_input', 'The id is not a UUID');
  return id;
}

export function assertProof(proof: string): string {
  if (!PROOF.test(proof)) throw new AppError('internal', 'The proof of the tenant is malformed');
  return proof;
}
