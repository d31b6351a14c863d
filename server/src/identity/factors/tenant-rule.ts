import { recordOnPlatform } from '../../audit/index.ts';
import type { ControlTx, RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import type { FactorRule } from '../rights/row-seals.ts';

type Parts = Pick<IdentityParts, 'rights'>;
type RuleRow = FactorRule & { seal: Buffer };

export type FactorRuleView = {
  everyone: boolean;
  /** Demanded of everybody by the installation, whatever the tenant says. */
  byPlatform: boolean;
  /** False when somebody else wrote the row: everybody needs a factor until it is set anew. */
  trusted: boolean;
};

/** Whether everybody of the tenant needs a second factor. */
export async function readFactorRule(
  ctx: RequestContext,
  { rights }: Parts,
  tenantId: string,
): Promise<FactorRuleView> {
  const row = await ctx.inControl((tx) => findRule(tx, tenantId));
  const trusted = row === undefined || rights.trustsFactorRule(row);
  return {
    everyone: row !== undefined && (row.everyone || !trusted),
    byPlatform: rights.demandsFactor({ platformRole: null, standings: [] }),
    trusted,
  };
}

/** Counts within two seconds: whoever has no factor does nothing else in their sessions before they set one up. */
export async function setFactorRule(
  ctx: RequestContext,
  { rights }: Parts,
  rule: FactorRule,
): Promise<void> {
  const { tenantId, everyone } = rule;
  await ctx.inControl(async (tx) => {
    const before = await findRule(tx, tenantId);
    await putRule(tx, { ...rule, seal: rights.sealFactorRule(rule) });
    await recordOnPlatform(tx, ctx, {
      action: 'factor_rule.update',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      before: { everyone: before?.everyone ?? false },
      after: { everyone },
    });
  });
}

async function findRule(tx: ControlTx, tenantId: string): Promise<RuleRow | undefined> {
  const rows = await tx.query<RuleRow>(
    `select rule.tenant_id as "tenantId", rule.everyone, rule.seal
     from control.factor_rules rule where rule.tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

async function putRule(tx: ControlTx, { tenantId, everyone, seal }: RuleRow): Promise<void> {
  await tx.execute(
    `insert into control.factor_rules (tenant_id, everyone, seal) values ($1, $2, $3)
     on conflict (tenant_id) do update
       set everyone = excluded.everyone, seal = excluded.seal, changed_at = now()`,
    [tenantId, everyone, seal],
  );
}
