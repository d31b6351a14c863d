import { SCOPES } from '../../access/index.ts';
import type { RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { listLiveKeyFacts } from './repo.ts';

const LONGEST_DAYS = 366;

/** Every key that opens something: sealed by the server, with scopes that a key can have, and an end. */
export async function examineKeptKeys(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
): Promise<{ total: number; faults: string[] }> {
  const keys = await ctx.inControl(listLiveKeyFacts);
  const latest = ctx.clock.now().getTime() + LONGEST_DAYS * 86_400_000;
  const faults = keys.flatMap((key) => {
    if (!rights.trustsApiKey(key)) return [`${key.id} was not made by the server`];
    if (key.expiresAt.getTime() > latest) return [`${key.id} ends in more than a year`];
    const odd = key.scopes.filter((scope) => !SCOPES.some((known) => known === scope));
    return odd.length > 0 ? [`${key.id} has the scope ${odd.join(', ')}`] : [];
  });
  const told = faults.length > 3 ? [...faults.slice(0, 3), `${faults.length - 3} more`] : faults;
  return { total: keys.length, faults: told };
}
