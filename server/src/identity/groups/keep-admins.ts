import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { findEntrances } from '../connections/who-comes-in.ts';
import type { IdentityParts } from '../parts.ts';

type Keeping<T> = {
  parts: Pick<IdentityParts, 'rights'>;
  tenantId: string;
  change: () => Promise<T>;
};

/**
 * Does something to a tenant's people or to its ways in, with the team locked, and refuses it whole when the last
 * administrator who could come in could not any more: the tenant could invite nobody. Where single sign-on
 * alone lets in, the emergency account and the last connection stay as well.
 *
 * @throws AppError not_allowed_now
 */
export async function keepingAdmins<T>(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, change }: Keeping<T>,
): Promise<T> {
  const before = await findEntrances(tx, ctx, { parts, tenantId });
  const done = await change();
  const after = await findEntrances(tx, ctx, { parts, tenantId });
  if (before.admins.length > 0 && after.admins.length === 0)
    throw new AppError(
      'not_allowed_now',
      'A tenant needs an administrator who can come in: make somebody else one first',
    );
  if (after.isShut && before.emergency !== null && after.emergency === null)
    throw new AppError(
      'not_allowed_now',
      'This is the emergency account of the tenant: name another one on its page Single sign-on first',
    );
  if (after.isShut && before.ways > 0 && after.ways === 0)
    throw new AppError(
      'not_allowed_now',
      'People come in by this connection alone: let them in by passwords again first, on the page Single sign-on',
    );
  return done;
}
