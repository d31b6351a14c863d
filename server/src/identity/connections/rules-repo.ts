import type { ControlTx } from '../../platform/index.ts';

export type SignInRules = { ssoOnly: boolean; breakGlass: string | null };

/**
 * As the database has them. `seal` in hexadecimal digits; null of those of before, which the server can't
 * write any more, so that nobody who holds its password can either.
 */
export type RulesRow = SignInRules & { tenantId: string; seal: string | null };

/** What says whether a session opens a tenant: its rules, and its word for a connection of the platform. */
export type OpensBy = {
  rules: RulesRow | null;
  /** Both in hexadecimal digits. */
  consent: { terms: string; seal: string } | null;
};

export async function findRules(tx: ControlTx, tenantId: string): Promise<RulesRow | undefined> {
  const rows = await tx.query<{ rules: RulesRow | null }>(
    'select control.sign_in_rules($1) as rules',
    [tenantId],
  );
  return rows[0]?.rules ?? undefined;
}

/** Of the tenants of an account. */
export async function listRulesFor(tx: ControlTx, accountId: string): Promise<RulesRow[]> {
  const rows = await tx.query<{ rules: RulesRow | null }>(
    `select control.sign_in_rules(membership.tenant_id) as rules
     from control.memberships membership where membership.account_id = $1`,
    [accountId],
  );
  return rows.flatMap(({ rules }) => rules ?? []);
}

export async function putRules(
  tx: ControlTx,
  { tenantId, ssoOnly, breakGlass, seal }: SignInRules & { tenantId: string; seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.sign_in_rules (tenant_id, sso_only, break_glass, seal)
     values ($1, $2, $3, $4)
     on conflict (tenant_id) do update set sso_only = excluded.sso_only,
       break_glass = excluded.break_glass, seal = excluded.seal, changed_at = now()`,
    [tenantId, ssoOnly, breakGlass, seal],
  );
}
