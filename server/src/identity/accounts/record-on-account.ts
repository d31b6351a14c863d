import { recordOnPlatform, type AuditEvent } from '../../audit/index.ts';
import type { ControlTx, RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { listMemberships } from '../repo.ts';
import { trustedMemberships } from '../rights/trusted.ts';

type Happened = Pick<AuditEvent, 'action' | 'after'> & { account: { id: string; auditId: string } };

/**
 * Records what opens an account to somebody (a link for its password or its factors): in the log of the
 * platform, and in that of each tenant whose content the account reaches, so that whoever runs the platform
 * can not come in by it unseen.
 */
export async function recordOnAccount(
  tx: ControlTx,
  source: Pick<RequestContext, 'requestId' | 'actor' | 'ip' | 'userAgent'>,
  { rights, account, ...what }: Happened & Pick<IdentityParts, 'rights'>,
): Promise<void> {
  const event = { ...what, resourceType: 'account', resourceId: account.auditId };
  await recordOnPlatform(tx, source, event);
  const memberships = await listMemberships(tx, account.id);
  for (const { id } of trustedMemberships(rights, account.id, memberships))
    await recordOnPlatform(tx, source, { ...event, tenantId: id });
}
