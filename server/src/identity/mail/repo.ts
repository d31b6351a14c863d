import { enqueuePlatformJob, newId, type ControlTx } from '../../platform/index.ts';

export const TEMPLATES = [
  'invitation',
  'reset',
  'email_verify',
  'email_changing',
  'email_changed',
  'password_changed',
  'locked',
  'role_changed',
  'removed',
  'deactivated',
  'reactivated',
  'break_glass',
] as const;
export type Template = (typeof TEMPLATES)[number];

export const MAIL_JOB = 'account.mail';

type Wish = {
  template: Template;
  /** Null for an address that nobody here has: the same work, and no mail. */
  accountId: string | null;
  tenantId?: string | null;
  invitationId?: string;
};

/** Queues a mail with the change that it tells of. The queue knows ids alone. */
export async function queueMail(tx: ControlTx, mail: Wish): Promise<void> {
  const id = newId();
  await tx.execute(
    `insert into control.mails (id, template, account_id, tenant_id, invitation_id)
     values ($1, $2, $3, $4, $5)`,
    [id, mail.template, mail.accountId, mail.tenantId ?? null, mail.invitationId ?? null],
  );
  await enqueuePlatformJob(tx, { kind: MAIL_JOB, subjectId: id });
}

export type QueuedMail = {
  id: string;
  template: Template;
  accountId: string | null;
  tenant: string | null;
  invitationId: string | null;
  createdAt: Date;
};

export async function findQueuedMail(tx: ControlTx, id: string): Promise<QueuedMail | undefined> {
  const rows = await tx.query<QueuedMail>(
    `select mail.id, mail.template, mail.account_id as "accountId", tenant.name as tenant,
       mail.invitation_id as "invitationId", mail.created_at as "createdAt"
     from control.mails mail left join control.tenants tenant on tenant.id = mail.tenant_id
     where mail.id = $1 and mail.sent_at is null and mail.failed_at is null`,
    [id],
  );
  return rows[0];
}

export async function markMail(
  tx: ControlTx,
  { id, as }: { id: string; as: 'sent' | 'failed' },
): Promise<void> {
  await tx.execute(
    `update control.mails set sent_at = case when $2 = 'sent' then now() end,
       failed_at = case when $2 = 'failed' then now() end
     where id = $1`,
    [id, as],
  );
}

export async function pruneMails(tx: ControlTx, days: number): Promise<void> {
  await tx.execute(
    'delete from control.mails where created_at < now() - make_interval(days => $1)',
    [days],
  );
}
