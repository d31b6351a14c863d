import type { ControlTx } from '../../platform/index.ts';

/** As the database has it: to be believed once its seal was looked at. */
export type ConsentRow = {
  connectionId: string;
  tenantId: string;
  terms: Buffer;
  createdAt: Date;
  seal: Buffer;
};

const CONSENT = `consent.connection_id as "connectionId", consent.tenant_id as "tenantId",
  consent.terms, consent.created_at as "createdAt", consent.seal`;

/** Of a connection, or of a tenant. */
export function listConsentRows(
  tx: ControlTx,
  of: { connectionId: string } | { tenantId: string },
): Promise<ConsentRow[]> {
  return tx.query<ConsentRow>(
    `select ${CONSENT} from control.connection_consents consent
     where consent.connection_id = $1 or consent.tenant_id = $2`,
    'connectionId' in of ? [of.connectionId, null] : [null, of.tenantId],
  );
}

/** Takes the place of one of before. */
export async function putConsent(tx: ControlTx, one: Omit<ConsentRow, 'createdAt'>): Promise<void> {
  await removeConsent(tx, one);
  await tx.execute(
    `insert into control.connection_consents (connection_id, tenant_id, terms, seal)
     values ($1, $2, $3, $4)`,
    [one.connectionId, one.tenantId, one.terms, one.seal],
  );
}

/** False when there is none. */
export async function removeConsent(
  tx: ControlTx,
  { connectionId, tenantId }: Pick<ConsentRow, 'connectionId' | 'tenantId'>,
): Promise<boolean> {
  const count = await tx.execute(
    'delete from control.connection_consents where connection_id = $1 and tenant_id = $2',
    [connectionId, tenantId],
  );
  return count === 1;
}
