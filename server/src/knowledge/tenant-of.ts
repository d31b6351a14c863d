import { AppError, type RequestContext } from '../platform/index.ts';

/** The tenant that a context is bound to; throws when there is none, never falls back to another. */
export function tenantOf(ctx: RequestContext): string {
  if (ctx.tenantId === null) throw new AppError('internal', 'This request names no tenant');
  return ctx.tenantId;
}
