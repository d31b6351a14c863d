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
      'For each tenant that holds its own seal: the key service and the database agree on whether it is sealed; of a sealed one the key service uses no key, and no word or vector of its search index is left. Not applicable while no such tenant was ever opened.',
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

async function faultsOf(ctx: RequestContext, { tenantId, sealedAt }: Seal): Promise<string[]> {
  const { sealed } = await readSealStatus(ctx.platform.vault, tenantId);
  if (sealedAt === null)
    return sealed ? [`${tenantId} counts as open while its namespace is sealed`] : [];
  const bytes = await ctx.inControl((tx) => indexBytes(tx, tenantId));
  return [
    ...(sealed ? [] : [`${tenantId} counts as sealed while its namespace is open`]),
    ...(bytes === 0 ? [] : [`${tenantId} is sealed and ${bytes} bytes of its index are left`]),
  ];
}
