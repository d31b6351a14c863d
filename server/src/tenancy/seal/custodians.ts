import { AppError, type ControlTx } from '../../platform/index.ts';

/** Who makes and takes the key shares of a tenant: named when it is made, for good. */
export type Custodian = {
  accountId: string;
  /** Whether they ran the platform when they were named. */
  operator: boolean;
  /** When they took the shares; null before. */
  takenAt: Date | null;
};

/** A person as the tenant's maker names them. */
export type NamedCustodian = { accountId: string; auditId: string; operator: boolean };

export async function nameCustodian(
  tx: ControlTx,
  { tenantId, accountId, operator }: { tenantId: string; accountId: string; operator: boolean },
): Promise<void> {
  await tx.execute(
    'insert into control.seal_custodians (tenant_id, account_id, operator) values ($1, $2, $3)',
    [tenantId, accountId, operator],
  );
}

/** Undefined for a tenant that was made before custodians were named. */
export async function findCustodian(
  tx: ControlTx,
  tenantId: string,
): Promise<Custodian | undefined> {
  const rows = await tx.query<Custodian>(
    `select custodian.account_id as "accountId", custodian.operator, custodian.taken_at as "takenAt"
     from control.seal_custodians custodian where custodian.tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

/** Throws forbidden for everybody else, whatever their role in the tenant or on the platform. */
export async function requireCustodian(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string | null },
): Promise<Custodian> {
  const custodian = await findCustodian(tx, tenantId);
  if (custodian && custodian.accountId === accountId) return custodian;
  throw new AppError(
    'forbidden',
    custodian
      ? 'Only the custodian of this tenant, who was named when it was made, makes and takes its key shares'
      : 'No custodian was named for this tenant; it is empty: delete it, and make it anew with one',
  );
}

export async function markTaken(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(
    'update control.seal_custodians set taken_at = now() where tenant_id = $1 and taken_at is null',
    [tenantId],
  );
}
