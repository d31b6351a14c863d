import { may, scopesOf } from '../../access/index.ts';
import type { RequestContext } from '../../platform/index.ts';
import { listKeys, type KeyRow } from './repo.ts';

/**
 * One's own keys in the tenant; all of its keys for whoever manages them. Never a key itself. Those of whoever
 * may make none any more rest.
 */
export async function listTenantKeys(
  ctx: RequestContext,
): Promise<{ keys: KeyRow[]; scopes: string[]; manages: boolean }> {
  const manages = may(ctx.standing, 'api-keys.manage');
  const accountId = manages ? null : (ctx.actor.accountId ?? '');
  const keys = await ctx.inControl((tx) =>
    listKeys(tx, { tenantId: ctx.tenantId ?? '', accountId }),
  );
  const rest = !may(ctx.standing, 'api-keys.use');
  const mine = keys.map((key) => (rest ? { ...key, paused: true } : key));
  return { keys: mine, scopes: ctx.standing ? scopesOf(ctx.standing) : [], manages };
}
