import type { LiveCheck, LiveFinding, RequestContext } from '../../platform/index.ts';
import { readSealStatus } from './namespace.ts';
import { indexBytes, listSeals, type Seal } from './repo.ts';

/**
 * ENC-11 on the live system. Not applicable only while no tenant of the sealed tier was ever opened:
 * then there is no seal that could fail.
 */
export const sealChecks: readonly LiveCheck[] = [
  {
    control: 'ENC-11',
    examines:
      'For each tenant that holds its own seal: the key service and the database agree on whether it is sealed; of a sealed one the key service uses no key, and no word or vector of its search index is left, and the model server forgot its prompts within ten minutes. Not applicable while no such tenant was ever opened.',
    run: async (ctx): Promise<LiveFinding> => {
      const seals = (await ctx.inControl(listSeals)).filter(({ reason }) => reason !== 'new');
      if (seals.length === 0)
        return {
          status: 'not_applicable',
          evidence: 'No tenant holds its own seal, so none can be sealed.',
        };
      const faults: string[] = [];
      for (const seal of seals) faults.push(...(await faultsOf(ctx, seal)));
      const sealed = seals.filter(({ sealedAt }) => sealedAt !== null).length;
      if (faults.length > 0) return { status: 'fail', evidence: faults.join('; ') };
      return {
        status: 'pass',
        evidence: `${seals.length} tenants hold their own seal, ${sealed} of them are sealed: no key answers, no index is left.`,
      };
    },
  },
];

/** An answer of somebody else may have to end first, or the model server to come back. */
const FORGOTTEN_WITHIN_MS = 600_000;

async function faultsOf(ctx: RequestContext, seal: Seal): Promise<string[]> {
  const { tenantId, sealedAt, promptsLeftSince } = seal;
  const { sealed } = await readSealStatus(ctx.platform.vault, tenantId);
  if (sealedAt === null)
    return sealed ? [`${tenantId} counts as open while its namespace is sealed`] : [];
  const late =
    promptsLeftSince !== null &&
    ctx.clock.now().getTime() - promptsLeftSince.getTime() > FORGOTTEN_WITHIN_MS;
  const bytes = await ctx.inControl((tx) => indexBytes(tx, tenantId));
  return [
    ...(sealed ? [] : [`${tenantId} counts as sealed while its namespace is open`]),
    ...(bytes === 0 ? [] : [`${tenantId} is sealed and ${bytes} bytes of its index are left`]),
    ...(late
      ? [`${tenantId} is sealed and its prompts are in the memory of the model server still`]
      : []),
  ];
}
