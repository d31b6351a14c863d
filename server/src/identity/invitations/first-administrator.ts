import { AppError, type ControlTx } from '../../platform/index.ts';
import { countAdmins } from '../groups/settle-roles.ts';
import type { IdentityParts } from '../parts.ts';
import { hasOpenBeside, lockFirstInvitation } from './repo.ts';

type Wish = { tenantId: string; accountId: string };

/**
 * Whoever runs the platform brings a tenant its first administrator, and nobody after that: all others
 * are invited by the tenant itself. Else an invitation would be a way to its content beside a visit that
 * it approves (RBA-01). One at a time, so that none is left open for later.
 */
export async function requireFirstAdministrator(
  tx: ControlTx,
  parts: Pick<IdentityParts, 'rights' | 'relay'>,
  { tenantId, accountId }: Wish,
): Promise<void> {
  await lockFirstInvitation(tx, tenantId);
  if ((await countAdmins(tx, parts, tenantId)) > 0)
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
