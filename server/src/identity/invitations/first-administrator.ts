import { AppError, type ControlTx } from '../../platform/index.ts';
import { hadAdministrator, hasOpenBeside, lockFirstInvitation } from './repo.ts';

type Wish = { tenantId: string; accountId: string };

/**
 * Whoever runs the platform brings a tenant its first administrator, and nobody after that, also where none
 * can come in any more: all others are invited by the tenant itself, or on the host. Else an invitation would
 * be a way to its content beside a visit that it approves (RBA-01). One at a time, so that none is left open
 * for later.
 */
export async function requireFirstAdministrator(tx: ControlTx, wish: Wish): Promise<void> {
  await lockFirstInvitation(tx, wish.tenantId);
  if (await hadAdministrator(tx, wish.tenantId))
    throw new AppError(
      'not_allowed_now',
      'This tenant has had an administrator: it invites people on its page Team; in need: casemate accounts invite, on the host',
    );
  if (await hasOpenBeside(tx, wish))
    throw new AppError(
      'not_allowed_now',
      'Somebody else is invited to this tenant: withdraw that invitation first',
    );
}
