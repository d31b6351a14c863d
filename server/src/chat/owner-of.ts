import { AppError, type RequestContext } from '../platform/index.ts';

/** The tenant and the person of a context; conversations belong to a person, never to the system. */
export function ownerOf(ctx: RequestContext): { tenantId: string; accountId: string } {
  const { tenantId, actor } = ctx;
  if (tenantId === null || actor.accountId === null)
    throw new AppError('internal', 'This request names no tenant or no person');
  return { tenantId, accountId: actor.accountId };
}
