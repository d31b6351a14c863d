import type { ControlTx } from '../../platform/index.ts';
import type { AccountRow } from '../repo.ts';

export type AccountState = 'invited' | 'active' | 'deactivated' | 'erased';

/** An account in whatever state, as the database has it: its seal is still to be looked at. */
export type StoredAccount = AccountRow & {
  state: AccountState;
  passwordHash: string;
  newEmail: string | null;
  formerEmail: string | null;
};

const STORED = `account.id, account.audit_id as "auditId", account.email, account.name,
  account.platform_role as "platformRole", account.seal, account.state,
  sha256(convert_to(account.password_hash, 'UTF8')) as "passwordDigest",
  control.factor_facts(account.id) as factors,
  account.password_hash as "passwordHash", account.new_email as "newEmail",
  account.former_email as "formerEmail"`;

export async function findStored(
  tx: ControlTx,
  by: { email: string } | { accountId: string },
): Promise<StoredAccount | undefined> {
  const rows = await tx.query<StoredAccount>(
    `select ${STORED} from control.accounts account
     where (lower(account.email) = lower($1) or account.id = $2) and account.kind = 'person'`,
    'email' in by ? [by.email, null] : [null, by.accountId],
  );
  return rows[0];
}

/** Of persons alone. */
export function listStored(tx: ControlTx, accountIds: readonly string[]): Promise<StoredAccount[]> {
  return tx.query<StoredAccount>(
    `select ${STORED} from control.accounts account
     where account.id = any($1) and account.kind = 'person' order by account.id`,
    [accountIds],
  );
}

/** Waits for whoever changes the account; the next statement sees what they committed. */
export async function lockAccount(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute('select from control.accounts where id = $1 for no key update', [accountId]);
}

/** So that two can't take away the last two at once. */
export async function lockAdministrators(tx: ControlTx): Promise<void> {
  await tx.execute(
    `select from control.accounts where platform_role = 'super_admin' order by id for no key update`,
  );
}

export async function insertInvited(
  tx: ControlTx,
  account: { id: string; auditId: string; email: string; name: string; passwordHash: string } & {
    seal: Buffer;
  },
): Promise<void> {
  await tx.execute(
    `insert into control.accounts (id, audit_id, email, name, password_hash, seal, state,
       email_verified_at, email_verified_by)
     values ($1, $2, $3, $4, $5, $6, 'invited', null, null) on conflict do nothing`,
    [account.id, account.auditId, account.email, account.name, account.passwordHash, account.seal],
  );
}

type Activation = {
  id: string;
  name: string;
  passwordHash: string;
  seal: Buffer;
  verifiedBy: 'mail' | 'handed_over' | 'directory';
};

export async function activateAccount(tx: ControlTx, one: Activation): Promise<void> {
  await tx.execute(
    `update control.accounts set state = 'active', name = $2, password_hash = $3, seal = $4,
       email_verified_at = now(), email_verified_by = $5
     where id = $1`,
    [one.id, one.name, one.passwordHash, one.seal, one.verifiedBy],
  );
}

type Sealed = { id: string; seal: Buffer };

export async function setPlatformRole(
  tx: ControlTx,
  one: Sealed & { platformRole: 'super_admin' | null },
): Promise<void> {
  await tx.execute('update control.accounts set platform_role = $2, seal = $3 where id = $1', [
    one.id,
    one.platformRole,
    one.seal,
  ]);
}

export async function setPassword(
  tx: ControlTx,
  one: Sealed & { passwordHash: string },
): Promise<void> {
  await tx.execute('update control.accounts set password_hash = $2, seal = $3 where id = $1', [
    one.id,
    one.passwordHash,
    one.seal,
  ]);
}

export async function setState(
  tx: ControlTx,
  one: Sealed & { state: 'active' | 'deactivated' },
): Promise<void> {
  await tx.execute('update control.accounts set state = $2, seal = $3 where id = $1', [
    one.id,
    one.state,
    one.seal,
  ]);
}

export async function setName(tx: ControlTx, one: { id: string; name: string }): Promise<void> {
  await tx.execute('update control.accounts set name = $2 where id = $1', [one.id, one.name]);
}

export async function askNewEmail(
  tx: ControlTx,
  one: { id: string; email: string | null },
): Promise<void> {
  await tx.execute('update control.accounts set new_email = $2 where id = $1', [one.id, one.email]);
}

/** False when somebody else has the address meanwhile. */
export async function takeNewEmail(
  tx: ControlTx,
  one: Sealed & { email: string; verifiedBy: 'mail' | 'handed_over' },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.accounts account
     set email = $2, former_email = email, new_email = null, seal = $3,
       email_verified_at = now(), email_verified_by = $4
     where id = $1 and not exists (
       select from control.accounts other where lower(other.email) = lower($2) and other.id <> $1)`,
    [one.id, one.email, one.seal, one.verifiedBy],
  );
  return count === 1;
}

export async function forgetFormerEmail(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('update control.accounts set former_email = null where id = $1', [id]);
}

const ERASED = `state = 'erased', email = 'erased+' || account.id || '@casemate.invalid',
  name = 'Erased', password_hash = '!', seal = null, new_email = null, former_email = null`;

/** Takes the person out of the row; the pseudonym of the audit log then names nobody. */
export async function eraseAccount(tx: ControlTx, id: string): Promise<void> {
  await tx.execute(`update control.accounts account set ${ERASED} where account.id = $1`, [id]);
  await tx.execute('delete from control.memberships where account_id = $1', [id]);
  await tx.execute('delete from control.group_members where account_id = $1', [id]);
  // Their phone's number, and whatever else could sign them in.
  await tx.execute('delete from control.account_secrets where account_id = $1', [id]);
  await tx.execute('delete from control.account_factors where account_id = $1', [id]);
  await tx.execute('delete from control.recovery_codes where account_id = $1', [id]);
  await tx.execute('delete from control.sms_codes where account_id = $1', [id]);
  await tx.execute('delete from control.directory_users where account_id = $1', [id]);
}

/** The address of somebody who never came is kept no longer than an invitation to it is open. */
export async function eraseUninvited(tx: ControlTx, accountId: string | null): Promise<number> {
  return tx.execute(
    `update control.accounts account set ${ERASED}
     where account.state = 'invited' and ($1::uuid is null or account.id = $1)
       and not exists (
         select from control.invitations invitation
         left join control.tenants tenant on tenant.id = invitation.tenant_id
         where invitation.account_id = account.id and invitation.accepted_at is null
           and invitation.withdrawn_at is null
           and invitation.expires_at > now() - interval '30 days'
           and (tenant.id is null or tenant.state not in ('dropping', 'dropped')))`,
    [accountId],
  );
}

/** The keys with which programs act for the account: in one tenant, or everywhere. They stay ended. */
export async function revokeKeysOfAccount(
  tx: ControlTx,
  of: { accountId: string; tenantId?: string },
): Promise<number> {
  return tx.execute(
    `update control.api_keys set revoked_at = now(), seal = null
     where account_id = $1 and revoked_at is null and ($2::uuid is null or tenant_id = $2)`,
    [of.accountId, of.tenantId ?? null],
  );
}

/** What the account asked for and waits or runs; a worker that runs one loses its lease. */
export async function cancelJobsOfAccount(
  tx: ControlTx,
  of: { accountId: string; tenantId?: string },
): Promise<number> {
  return tx.execute(
    `update control.jobs set state = 'cancelled', finished_at = now()
     where account_id = $1 and state in ('queued', 'running')
       and ($2::uuid is null or tenant_id = $2)`,
    [of.accountId, of.tenantId ?? null],
  );
}

export type ListedAccount = AccountRow & {
  state: AccountState;
  createdAt: Date;
  tenants: number;
  verifiedBy: string | null;
};

/** By e-mail, a page at a time; without what checks made, and without the erased. */
export function listAccounts(
  tx: ControlTx,
  page: { search: string; after: string | null; limit: number },
): Promise<ListedAccount[]> {
  return tx.query<ListedAccount>(
    `select ${STORED}, account.created_at as "createdAt", account.email_verified_by as "verifiedBy",
       (select count(*)::integer from control.memberships membership
        where membership.account_id = account.id) as tenants
     from control.accounts account
     where account.state <> 'erased' and account.kind = 'person' and account.email not like '%@casemate.invalid'
       and (account.email ilike $1 or account.name ilike $1)
       and ($2::text is null or lower(account.email) > lower($2))
     order by lower(account.email) limit $3`,
    [`%${page.search.replace(/[\\%_]/g, '\\$&')}%`, page.after, page.limit],
  );
}

export function listAdministrators(tx: ControlTx): Promise<StoredAccount[]> {
  return tx.query<StoredAccount>(
    `select ${STORED} from control.accounts account
     where account.platform_role = 'super_admin' and account.state = 'active'`,
  );
}

export async function findIdByAuditId(tx: ControlTx, auditId: string): Promise<string | null> {
  const rows = await tx.query<{ id: string }>(
    `select id from control.accounts where audit_id = $1 and state = 'active'`,
    [auditId],
  );
  return rows[0]?.id ?? null;
}
