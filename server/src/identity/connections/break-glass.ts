import { recordOnPlatform } from '../../audit/index.ts';
import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listTeamRows } from '../team/repo.ts';
import { listRulesFor, putRules } from './rules-repo.ts';
import { findEntrances, hasPassword, type Entrances } from './who-comes-in.ts';

type Account = { id: string; auditId: string };

/**
 * Says in the audit log, in the program's log and to the other administrators that the one account that keeps its
 * password where single sign-on alone is let in has used it.
 */
export async function tellBreakGlass(
  tx: ControlTx,
  ctx: RequestContext,
  { id, auditId }: Account,
): Promise<void> {
  for (const tenantId of await tenantsOf(tx, id)) {
    ctx.log.warn('an emergency account has signed in with its password', { tenantId, auditId });
    await recordOnPlatform(tx, ctx, {
      action: 'session.break_glass',
      resourceType: 'account',
      resourceId: auditId,
      tenantId,
    });
    if (ctx.platform.config.CASEMATE_SMTP_HOST === undefined) continue;
    const team = await listTeamRows(tx, tenantId);
    for (const { accountId, role, state } of team)
      if (role === 'admin' && state === 'active' && accountId !== id)
        await queueMail(tx, { template: 'break_glass', accountId, tenantId });
  }
}

/**
 * Whoever runs the platform shuts an account out at once, whatever it is; the tenants whose emergency
 * account it was find that in the audit log.
 */
export async function tellEmergencyLost(
  tx: ControlTx,
  ctx: RequestContext,
  { id, auditId }: Account,
): Promise<void> {
  for (const tenantId of await tenantsOf(tx, id)) {
    ctx.log.warn('the emergency account of a tenant lets in nobody any more', { tenantId });
    await recordOnPlatform(tx, ctx, {
      action: 'sign_in.emergency_lost',
      resourceType: 'account',
      resourceId: auditId,
      tenantId,
    });
  }
}

type Come = {
  parts: Pick<IdentityParts, 'rights'>;
  tenantId: string;
  account: Account & { passwordHash: string };
  /** As it was before they came. */
  before: Entrances;
};

/**
 * The administrator who comes where nobody could come in any more, and passwords are shut out, becomes
 * the emergency account: else the invitation would open nothing.
 */
export async function takeEmergency(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, account, before }: Come,
): Promise<void> {
  if (!before.isShut || before.admins.length > 0 || !hasPassword(account)) return;
  const { admins } = await findEntrances(tx, ctx, { parts, tenantId });
  const isAdmin = (await listTeamRows(tx, tenantId)).some(
    ({ accountId, role }) => accountId === account.id && role === 'admin',
  );
  if (admins.length > 0 || !isAdmin) return;
  const rules = { tenantId, ssoOnly: true, breakGlass: account.id };
  await putRules(tx, { ...rules, seal: parts.rights.sealSignInRules(rules) });
  await recordOnPlatform(tx, ctx, {
    action: 'sign_in.change_rules',
    resourceType: 'tenant',
    resourceId: tenantId,
    tenantId,
    after: { ssoOnly: true, breakGlass: true, by: 'invitation' },
  });
}

/** Tenants whose emergency account this is. */
async function tenantsOf(tx: ControlTx, id: string): Promise<string[]> {
  const rules = await listRulesFor(tx, id);
  return rules
    .filter(({ ssoOnly, breakGlass }) => ssoOnly && breakGlass === id)
    .map(({ tenantId }) => tenantId);
}
