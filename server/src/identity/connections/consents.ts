import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { sameSeal, sealOfConsent } from '../rights/row-seals.ts';
import { listConsentRows, removeConsent, type ConsentRow } from './consents-repo.ts';
import type { ConnectionRow } from './repo.ts';
import { inOneOrder } from './seals.ts';

type With = Pick<RequestContext, 'platform'>;
type Terms = Pick<
  ConnectionRow,
  'id' | 'kind' | 'settings' | 'domains' | 'mappings' | 'justInTime'
>;

/**
 * What a tenant says yes to: where a connection of the platform leads, whose addresses come by it, and what
 * its groups give in this tenant. When one of them changes it is asked anew.
 */
export function termsOf({ platform }: With, connection: Terms, tenantId: string): Buffer {
  const { id, kind, settings, domains, mappings, justInTime } = connection;
  const here = mappings.filter((one) => one.tenantId === tenantId);
  const facts = ['terms', id, tenantId, kind, settings, domains, here, justInTime];
  return platform.pepper.mac('connection-consent', inOneOrder(facts));
}

/** Whether this tenant let the connection in as it is now. */
export function isLetIn(ctx: With, connection: Terms, consent: ConsentRow | undefined): boolean {
  if (consent?.connectionId !== connection.id) return false;
  const sealed = sameSeal(consent.seal, sealOfConsent(ctx.platform.pepper, consent));
  return sealed && sameSeal(consent.terms, termsOf(ctx, connection, consent.tenantId));
}

/** The tenants into which a connection may let people: its own, or those that let one of the platform in. */
export async function listLetIn(
  tx: ControlTx,
  ctx: RequestContext,
  connection: ConnectionRow,
): Promise<string[]> {
  if (connection.tenantId !== null) return [connection.tenantId];
  const rows = await listConsentRows(tx, { connectionId: connection.id });
  return rows.filter((row) => isLetIn(ctx, connection, row)).map(({ tenantId }) => tenantId);
}

/** Those that said yes to something else lose the connection at once, with the sessions that it opened. */
export async function dropFormerConsents(
  tx: ControlTx,
  ctx: RequestContext,
  connection: ConnectionRow,
): Promise<number> {
  const rows = await listConsentRows(tx, { connectionId: connection.id });
  const former = rows.filter((row) => !isLetIn(ctx, connection, row));
  for (const row of former) await removeConsent(tx, row);
  return former.length;
}
