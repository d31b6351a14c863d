import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { refuseBeyondTenant } from '../factors/enrol.ts';
import type { IdentityParts } from '../parts.ts';
import { findSessionState } from '../repo.ts';

/**
 * Throws forbidden where a directory opened the session and the account can do more than that opens: its
 * word changes nothing that others see.
 */
export async function requireWithinTenant(
  tx: ControlTx,
  { actor }: RequestContext,
  rights: IdentityParts['rights'],
): Promise<void> {
  const session = await findSessionState(tx, actor.sessionId ?? '');
  if (session) refuseBeyondTenant(rights, session);
}
