import type { ControlTx } from '../../platform/index.ts';
import type { VisitFacts } from './visit-seals.ts';

export type VisitRow = VisitFacts & {
  tenant: string;
  auditId: string;
  visitor: string;
  email: string;
  requestedAt: Date;
  decidedAt: Date | null;
  approved: boolean | null;
  decider: string | null;
  endedAt: Date | null;
  ender: string | null;
  seal: Buffer | null;
  /** By the database's clock. */
  phase: 'asked' | 'refused' | 'lapsed' | 'open' | 'over';
};

const VISIT = `visit.id, visit.tenant_id as "tenantId", visit.account_id as "accountId", visit.reason,
  visit.minutes, visit.decided_by as "decidedBy",
  (extract(epoch from visit.expires_at) * 1000)::float8 as "expiresAt", visit.seal,
  visit.requested_at as "requestedAt", visit.decided_at as "decidedAt", visit.approved,
  visit.ended_at as "endedAt", tenant.name as tenant, account.audit_id as "auditId",
  account.name as visitor, account.email,
  (select decider.name from control.accounts decider where decider.id = visit.decided_by) as decider,
  (select ender.name from control.accounts ender where ender.id = visit.ended_by) as ender,
  case when visit.approved is null and visit.requested_at > now() - interval '24 hours' then 'asked'
    when visit.approved is null then 'lapsed' when not visit.approved then 'refused'
    when visit.ended_at is null and visit.expires_at > now() then 'open' else 'over' end as phase
  from control.visits visit
  join control.tenants tenant on tenant.id = visit.tenant_id
  join control.accounts account on account.id = visit.account_id`;

/** Of a tenant, or of all; the latest first. */
export function listVisitRows(tx: ControlTx, tenantId: string | null): Promise<VisitRow[]> {
  return tx.query<VisitRow>(
    `select ${VISIT} where $1::uuid is null or visit.tenant_id = $1
     order by visit.requested_at desc, visit.id limit 200`,
    [tenantId],
  );
}

/** Under a lock, so that an answer and an end take turns. */
export async function lockVisit(tx: ControlTx, id: string): Promise<VisitRow | undefined> {
  const rows = await tx.query<VisitRow>(`select ${VISIT} where visit.id = $1 for update of visit`, [
    id,
  ]);
  return rows[0];
}

/**
 * Whether somebody runs the platform independently of who asked for a visit: neither of them was invited by
 * the other, and whoever approves was there a day before the request. Whom the host made is judged by the
 * account's age.
 */
export async function isSecondPerson(
  tx: ControlTx,
  approver: string | null,
  { accountId, requestedAt }: Pick<VisitRow, 'accountId' | 'requestedAt'>,
): Promise<boolean> {
  const rows = await tx.query<{ second: boolean }>(
    `select account.created_at <= $3::timestamptz - interval '1 day' and not exists (
       select from control.invitations invitation
       where invitation.tenant_id is null and invitation.accepted_at is not null
         and (invitation.account_id = $1
             and (invitation.invited_by = $2 or invitation.accepted_at > $3::timestamptz - interval '1 day')
           or invitation.account_id = $2 and invitation.invited_by = $1)) as second
     from control.accounts account where account.id = $1`,
    [approver, accountId, requestedAt],
  );
  return rows[0]?.second === true;
}

export async function insertVisit(
  tx: ControlTx,
  visit: VisitFacts & { seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.visits (id, tenant_id, account_id, reason, minutes, seal)
     values ($1, $2, $3, $4, $5, $6)`,
    [visit.id, visit.tenantId, visit.accountId, visit.reason, visit.minutes, visit.seal],
  );
}

type Answered = {
  id: string;
  decidedBy: string | null;
  expiresAt: Date | null;
  seal: Buffer | null;
};

export async function answerVisit(
  tx: ControlTx,
  { id, decidedBy, expiresAt, seal }: Answered,
): Promise<void> {
  await tx.execute(
    `update control.visits set decided_at = now(), decided_by = $2, approved = $3, expires_at = $4,
       seal = $5
     where id = $1 and decided_at is null`,
    [id, decidedBy, expiresAt !== null, expiresAt, seal],
  );
}

export async function endVisitRow(
  tx: ControlTx,
  { id, endedBy }: { id: string; endedBy: string | null },
): Promise<void> {
  await tx.execute(
    `update control.visits set ended_at = now(), ended_by = $2, seal = null
     where id = $1 and ended_at is null`,
    [id, endedBy],
  );
}

export type Visited = { name: string; state: string; tier: 'standard' | 'sealed'; waiting: number };

/** The tenant, and how many requests of this account for it wait. */
export async function findVisited(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<Visited | undefined> {
  const rows = await tx.query<Visited>(
    `select tenant.name, tenant.state, tenant.tier,
       (select count(*)::int from control.visits visit
        where visit.tenant_id = tenant.id and visit.account_id = $2 and visit.approved is null
          and visit.requested_at > now() - interval '24 hours') as waiting
     from control.tenants tenant where tenant.id = $1 and tenant.state not in ('dropping', 'dropped')`,
    [tenantId, accountId],
  );
  return rows[0];
}

export async function listNamedTenants(
  tx: ControlTx,
  ids: readonly string[],
): Promise<{ id: string; name: string; state: string; tier: 'standard' | 'sealed' }[]> {
  return tx.query(
    `select tenant.id, tenant.name, tenant.state, tenant.tier from control.tenants tenant
     where tenant.id = any($1) order by tenant.name, tenant.id`,
    [ids],
  );
}

export async function insertView(
  tx: ControlTx,
  view: { visitId: string; route: string; subject: string },
): Promise<void> {
  await tx.execute(
    'insert into control.visit_views (visit_id, route, subject) values ($1, $2, $3)',
    [view.visitId, view.route, view.subject],
  );
}

export type ViewRow = { id: number; at: Date; route: string; subject: string };

const VIEWS = 200;

/** A page, the latest first, before the row `before` or from the end. `next` begins the page after it. */
export async function listViewRows(
  tx: ControlTx,
  { tenantId, visitId, before }: { tenantId: string; visitId: string; before: number | null },
): Promise<{ views: ViewRow[]; next: number | null }> {
  const views = await tx.query<ViewRow>(
    `select viewed.id::float8 as id, viewed.at, viewed.route, viewed.subject
     from control.visit_views viewed
     join control.visits visit on visit.id = viewed.visit_id
     where visit.tenant_id = $1 and visit.id = $2 and ($3::bigint is null or viewed.id < $3)
     order by viewed.id desc limit $4`,
    [tenantId, visitId, before, VIEWS],
  );
  return { views, next: views.length < VIEWS ? null : (views.at(-1)?.id ?? null) };
}

export async function findRule(
  tx: ControlTx,
  tenantId: string,
): Promise<{ byPlatform: boolean; seal: Buffer } | undefined> {
  const rows = await tx.query<{ byPlatform: boolean; seal: Buffer }>(
    `select rule.by_platform as "byPlatform", rule.seal from control.visit_rules rule
     where rule.tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

export async function setRule(
  tx: ControlTx,
  rule: { tenantId: string; byPlatform: boolean; seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.visit_rules (tenant_id, by_platform, seal) values ($1, $2, $3)
     on conflict (tenant_id) do update set by_platform = excluded.by_platform, seal = excluded.seal`,
    [rule.tenantId, rule.byPlatform, rule.seal],
  );
}
