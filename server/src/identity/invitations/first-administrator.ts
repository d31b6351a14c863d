import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { findEntrances } from '../connections/who-comes-in.ts';
import type { IdentityParts } from '../parts.ts';
import { hasOpenBeside, lockFirstInvitation } from './repo.ts';

type Wish = { parts: Pick<IdentityParts, 'rights'>; tenantId: string; accountId: string };

/**
 * Whoever runs the platform brings a tenant its first administrator, and nobody after that: all others
 * are invited by the tenant itself. Else an invitation would be a way to its content beside a visit that
 * it approves (RBA-01). One at a time, so that none is left open for later. Again where no administrator
 * can come in any more.
 */
export async function requireFirstAdministrator(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, accountId }: Wish,
): Promise<void> {
  await lockFirstInvitation(tx, tenantId);
  const { admins } = await findEntrances(tx, ctx, { parts, tenantId });
  if (admins.length > 0)
    throw new AppError(
      'not_allowed_now',
      'This tenant has an administrator, who invites people on its page Team',
    );
  if (await hasOpenBeside(tx, { tenantId, accountId }))
    throw new AppError(
      'not_allowed_now',
      'Somebody else is invited to this tenant: withdraw that invitation first',
    );
}
