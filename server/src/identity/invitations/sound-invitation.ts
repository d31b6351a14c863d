import type { RequestContext } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';
import type { Invitation, InvitationRow } from './repo.ts';

/** What an invitation gives, to whom, and until when: HMAC, as beside a membership (decision 39). */
export function sealInvitation({ platform }: RequestContext, one: Invitation): Buffer {
  const { id, accountId, tenantId, role, platformRole, expiresAt } = one;
  const facts = [id, accountId, tenantId, role, platformRole, expiresAt.toISOString()];
  return platform.pepper.mac('invitation', JSON.stringify(facts));
}

/** Nothing for one that this server did not write, or that is past its time. */
export function soundInvitation(
  ctx: RequestContext,
  row: InvitationRow | undefined,
): Invitation | undefined {
  if (!row || row.expiresAt <= ctx.clock.now()) return undefined;
  return isSealed(ctx, row) ? row : undefined;
}

/** False, and told to the log, for one that this server did not write. */
export function isSealed(ctx: RequestContext, row: InvitationRow): boolean {
  if (sameSeal(row.seal, sealInvitation(ctx, row))) return true;
  ctx.log.error('an invitation that this server did not write was refused', { id: row.id });
  return false;
}
