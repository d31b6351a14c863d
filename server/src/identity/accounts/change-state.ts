import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { tellEmergencyLost } from '../connections/break-glass.ts';
import { findEntrances } from '../connections/who-comes-in.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { removePasswordHashes } from '../passwords/repo.ts';
import { endAllSessions, listMemberships } from '../repo.ts';
import { holdDirectories } from '../scim/keep-shut.ts';
import { lockTeam } from '../team/repo.ts';
import { endEverything } from './end-everything.ts';
import {
  eraseAccount,
  findStored,
  listAdministrators,
  lockAccount,
  lockAdministrators,
  setState,
  type StoredAccount,
} from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;

type Deactivating = { accountId: string; by: 'platform' | 'host' };

/**
 * Shuts an account out at once; what it was stays, for a reactivation or the audit. The last administrator
 * of a tenant is shut out by the host alone: nobody of the platform leaves a tenant without its own people.
 */
export async function deactivate(
  ctx: RequestContext,
  parts: Parts,
  { accountId, by }: Deactivating,
): Promise<void> {
  if (accountId === ctx.actor.accountId)
    throw new AppError('not_allowed_now', 'Another administrator must deactivate your account');
  await ctx.inControl(async (tx) => {
    await lockAdministrators(tx);
    const takeFromDirectories = await holdDirectories(tx, ctx, accountId);
    const account = await locked(tx, accountId);
    if (account.state === 'deactivated') {
      const directories = await takeFromDirectories();
      if (directories === 0) return;
      return record(tx, ctx, { action: 'account.deactivate', account, after: { directories } });
    }
    if (account.state !== 'active')
      throw new AppError('not_allowed_now', 'This account is not in use; withdraw its invitation');
    if (account.platformRole !== null) await keepOne(tx, parts, accountId);
    if (by === 'platform') await keepTenants(tx, ctx, { parts, account });
    await deactivateIn(tx, ctx, { parts, account });
  });
}

type Ending = { parts: Parts; account: StoredAccount };

/** Of an active account, in the transaction of whoever has looked at what else must hold. */
export async function deactivateIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account }: Ending,
): Promise<void> {
  const { id } = account;
  const state = 'deactivated';
  // A row that somebody else wrote is shut out, too, and stays without a sound seal.
  const seal = parts.rights.trustsAccount(account)
    ? parts.rights.sealAccount(account, state)
    : Buffer.alloc(32);
  await setState(tx, { id, state, seal });
  const ended = await endEverything(tx, id, 'deactivated');
  await tellEmergencyLost(tx, ctx, account);
  await record(tx, ctx, { action: 'account.deactivate', account, after: ended });
  if (parts.relay) await queueMail(tx, { template: 'deactivated', accountId: id });
}

/** Lets an account in again, as it was: refused when somebody else changed its row meanwhile. */
export async function reactivate(
  ctx: RequestContext,
  parts: Parts,
  accountId: string,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    if (account.state !== 'deactivated')
      throw new AppError('not_allowed_now', 'This account is not deactivated');
    await reactivateIn(tx, ctx, { parts, account });
  });
}

export async function reactivateIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account }: Ending,
): Promise<void> {
  const { id } = account;
  if (!parts.rights.trustsAccount(account, 'deactivated'))
    throw new AppError(
      'not_allowed_now',
      'The row of this account is not as the server left it; erase it and invite the person anew',
    );
  await setState(tx, { id, state: 'active', seal: parts.rights.sealAccount(account) });
  await record(tx, ctx, { action: 'account.reactivate', account });
  if (parts.relay) await queueMail(tx, { template: 'reactivated', accountId: id });
}

/** Takes the person out of a deactivated account for good; the audit log keeps the pseudonym. */
export async function erase(ctx: RequestContext, accountId: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    if (account.state === 'active')
      throw new AppError('not_allowed_now', 'Deactivate the account before you erase it');
    await endEverything(tx, accountId, 'erased');
    await removePasswordHashes(tx, accountId);
    await eraseAccount(tx, accountId);
    await record(tx, ctx, { action: 'account.erase', account });
  });
}

/** Signs an account out everywhere; it can sign in again. */
export async function signOutAccount(ctx: RequestContext, accountId: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    const sessions = await endAllSessions(tx, accountId, 'signed_out_by_administrator');
    await record(tx, ctx, { action: 'session.end_all', account, after: { sessions } });
  });
}

/** Throws not_found for an account that is none of a person. */
export async function locked(tx: ControlTx, accountId: string): Promise<StoredAccount> {
  await lockAccount(tx, accountId);
  const account = await findStored(tx, { accountId });
  if (!account || account.state === 'erased' || account.email.endsWith('@casemate.invalid'))
    throw new AppError('not_found', 'No such account');
  return account;
}

async function keepOne(tx: ControlTx, { rights }: Parts, accountId: string): Promise<void> {
  const others = (await listAdministrators(tx)).filter(
    (one) => one.id !== accountId && rights.trustsAccount(one),
  );
  if (others.length === 0)
    throw new AppError(
      'not_allowed_now',
      'This is the last administrator of the platform; invite another first',
    );
}

/** Whoever is the only one who can come into a tenant as its administrator stays. */
async function keepTenants(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account }: Ending,
): Promise<void> {
  const memberships = await listMemberships(tx, account.id);
  const led = memberships.filter(({ standing }) => standing.role === 'admin').map(({ id }) => id);
  for (const tenantId of led.toSorted()) {
    await lockTeam(tx, tenantId);
    const { admins } = await findEntrances(tx, ctx, { parts, tenantId });
    if (admins.length === 1 && admins[0] === account.id)
      throw new AppError(
        'not_allowed_now',
        'This is the last administrator of a tenant, who makes somebody else one first; in need: casemate accounts deactivate, on the host',
      );
  }
}

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  event: { action: string; account: StoredAccount; after?: Record<string, unknown> },
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action: event.action,
    resourceType: 'account',
    resourceId: event.account.auditId,
    ...(event.after ? { after: event.after } : {}),
  });
}
