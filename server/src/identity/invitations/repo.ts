import type { ControlTx, TenantRole } from '../../platform/index.ts';

export type Invitation = {
  id: string;
  accountId: string;
  /** For one of the two. */
  tenantId: string | null;
  role: TenantRole | null;
  platformRole: 'super_admin' | null;
  invitedBy: string | null;
  expiresAt: Date;
};
export type InvitationRow = Invitation & { seal: Buffer };

const INVITATION = `invitation.id, invitation.account_id as "accountId",
  invitation.tenant_id as "tenantId", invitation.role, invitation.platform_role as "platformRole",
  invitation.invited_by as "invitedBy", invitation.expires_at as "expiresAt", invitation.seal`;
const OPEN = 'invitation.accepted_at is null and invitation.withdrawn_at is null';

export async function insertInvitation(tx: ControlTx, one: InvitationRow): Promise<void> {
  await tx.execute(
    `insert into control.invitations (id, account_id, tenant_id, role, platform_role, invited_by,
       expires_at, seal)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      one.id,
      one.accountId,
      one.tenantId,
      one.role,
      one.platformRole,
      one.invitedBy,
      one.expiresAt,
      one.seal,
    ],
  );
}

/** A longer time, or another role, of one that is open. */
export async function renewInvitation(
  tx: ControlTx,
  one: Pick<InvitationRow, 'id' | 'role' | 'expiresAt' | 'seal'>,
): Promise<void> {
  await tx.execute(
    'update control.invitations set role = $2, expires_at = $3, seal = $4 where id = $1',
    [one.id, one.role, one.expiresAt, one.seal],
  );
}

/** Not yet accepted and not withdrawn, in its time or past it; locked for whoever changes it. */
export async function findOpenInvitation(
  tx: ControlTx,
  id: string,
): Promise<InvitationRow | undefined> {
  const rows = await tx.query<InvitationRow>(
    `select ${INVITATION} from control.invitations invitation
     where invitation.id = $1 and ${OPEN} for no key update`,
    [id],
  );
  return rows[0];
}

export async function findOpenFor(
  tx: ControlTx,
  { accountId, tenantId }: { accountId: string; tenantId: string | null },
): Promise<InvitationRow | undefined> {
  const rows = await tx.query<InvitationRow>(
    `select ${INVITATION} from control.invitations invitation
     where invitation.account_id = $1 and invitation.tenant_id is not distinct from $2 and ${OPEN}
     for no key update`,
    [accountId, tenantId],
  );
  return rows[0];
}

/** Invitations of the platform to one tenant are judged one after another. */
export async function lockFirstInvitation(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('first-invitation ' || $1, 0))`, [
    tenantId,
  ]);
}

/** Whether anybody is an administrator of the tenant, whatever their account's state, or came as one before. */
export async function hadAdministrator(tx: ControlTx, tenantId: string): Promise<boolean> {
  const rows = await tx.query(
    `select from control.memberships membership
     where membership.tenant_id = $1 and membership.role = 'admin'
     union all
     select from control.invitations invitation
     where invitation.tenant_id = $1 and invitation.role = 'admin' and invitation.accepted_at is not null
     limit 1`,
    [tenantId],
  );
  return rows.length > 0;
}

/** Whether anybody else has an open invitation to the tenant. */
export async function hasOpenBeside(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<boolean> {
  const rows = await tx.query(
    `select from control.invitations invitation
     where invitation.tenant_id = $1 and invitation.account_id <> $2 and ${OPEN} limit 1`,
    [tenantId, accountId],
  );
  return rows.length > 0;
}

export type ListedInvitation = InvitationRow & {
  email: string;
  tenant: string | null;
  /** Of the latest mail: null when none was asked for. */
  mailedAt: Date | null;
  mailFailed: boolean | null;
};

/** Open ones of a tenant, or all with their tenants' names. */
export function listInvitations(
  tx: ControlTx,
  tenantId: string | null,
): Promise<ListedInvitation[]> {
  return tx.query<ListedInvitation>(
    `select ${INVITATION}, account.email, tenant.name as tenant, mail.sent_at as "mailedAt",
       case when mail.id is not null then mail.failed_at is not null end as "mailFailed"
     from control.invitations invitation
     join control.accounts account on account.id = invitation.account_id
     left join control.tenants tenant on tenant.id = invitation.tenant_id
     left join lateral (select mails.id, sent_at, failed_at from control.mails
       where mails.invitation_id = invitation.id order by created_at desc limit 1) mail on true
     where ${OPEN} and ($1::uuid is null or invitation.tenant_id = $1)
     order by account.email, invitation.id limit 1000`,
    [tenantId],
  );
}

export async function endInvitation(
  tx: ControlTx,
  { id, as }: { id: string; as: 'accepted' | 'withdrawn' },
): Promise<void> {
  await tx.execute(
    `update control.invitations
     set accepted_at = case when $2 = 'accepted' then now() end,
         withdrawn_at = case when $2 = 'withdrawn' then now() end
     where id = $1`,
    [id, as],
  );
}

export async function withdrawAllOf(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute(
    `update control.invitations invitation set withdrawn_at = now()
     where invitation.account_id = $1 and ${OPEN}`,
    [accountId],
  );
}
