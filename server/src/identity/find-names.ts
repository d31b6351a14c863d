import type { RequestContext } from '../platform/index.ts';
import { listNames } from './names-repo.ts';

/** The names of people by account id, for showing; those who are gone are missing. */
export async function findNames(
  ctx: RequestContext,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(accountIds)];
  if (ids.length === 0) return new Map();
  const rows = await ctx.inControl((tx) => listNames(tx, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
