import type { RequestContext } from '../../platform/index.ts';
import { dropTenant, findTenant } from '../../tenancy/index.ts';
import { listCanaries, markRemoved, markRemoving, removeAccount } from '../repo/canaries.ts';

/**
 * Removes all that a run made: accounts at once, tenants through the provisioner, which destroys
 * their keys. Each is closed to its maker first. Running it again after any interruption completes it.
 */
export async function removeCanaries(ctx: RequestContext, runId: string): Promise<void> {
  for (const { kind, id } of await ctx.inControl((tx) => listCanaries(tx, runId))) {
    await ctx.inControl((tx) => markRemoving(tx, id));
    try {
      if (kind === 'tenant') await dropIfThere(ctx, id);
      else await ctx.inControl((tx) => removeAccount(tx, id));
    } catch (error) {
      // Noted before it was made, and then it was not; or it is gone already.
      if ((error as { code?: string }).code !== '42501') {
        ctx.log.warn('a canary could not be removed; trying again later', { error, kind });
        continue;
      }
    }
    await ctx.inControl((tx) => markRemoved(tx, id));
  }
}

async function dropIfThere(ctx: RequestContext, id: string): Promise<void> {
  const tenant = await ctx.inControl((tx) => findTenant(tx, id));
  if (!tenant || tenant.state === 'dropping' || tenant.state === 'dropped') return;
  await dropTenant(ctx, id);
}
