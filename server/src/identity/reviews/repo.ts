import type { ControlTx } from '../../platform/index.ts';
import type { StandingRow } from '../standing/standing-row.ts';

export type HolderRow = {
  accountId: string;
  auditId: string;
  tenantId: string;
  kind: 'person' | 'service';
  name: string;
  email: string;
  state: string;
  standing: StandingRow;
  factors: boolean;
  lastSignIn: Date | null;
  source: string;
};

/** Everybody who has something in the tenant, as the database has it. */
export function listHolderRows(tx: ControlTx, tenantId: string): Promise<HolderRow[]> {
  return tx.query<HolderRow>(
    `select account.id as "accountId", account.audit_id as "auditId",
       membership.tenant_id as "tenantId", account.kind, account.name, account.email, account.state,
       control.standing(membership) as standing,
       control.factor_facts(account.id) is not null as factors,
       (select max(session.created_at) from control.sessions session
        where session.account_id = account.id
          and (session.only_tenant is null or session.only_tenant = $1)) as "lastSignIn",
       coalesce((select string_agg(distinct connection.kind, ', ')
                 from control.external_identities identity
                 join control.connections connection on connection.id = identity.connection_id
                 where identity.account_id = account.id
                   and (connection.tenant_id is null or connection.tenant_id = $1)), 'local') as source
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.tenant_id = $1 and account.state <> 'erased'
     order by account.kind, lower(account.name), account.id limit 10000`,
    [tenantId],
  );
}

export type ReviewRow = {
  id: string;
  tenantId: string;
  reviewedBy: string;
  reviewer: string | null;
  reviewedAt: Date;
  note: string;
  digest: Buffer;
  entries: number;
  seal: Buffer;
};

export function listReviewRows(tx: ControlTx, tenantId: string): Promise<ReviewRow[]> {
  return tx.query<ReviewRow>(
    `select review.id, review.tenant_id as "tenantId", review.reviewed_by as "reviewedBy",
       account.name as reviewer, review.reviewed_at as "reviewedAt", review.note, review.digest,
       review.entries, review.seal
     from control.access_reviews review
     left join control.accounts account on account.id = review.reviewed_by
     where review.tenant_id = $1 order by review.reviewed_at desc, review.id limit 100`,
    [tenantId],
  );
}

export async function insertReview(
  tx: ControlTx,
  review: Omit<ReviewRow, 'reviewer' | 'reviewedAt'>,
): Promise<void> {
  await tx.execute(
    `insert into control.access_reviews (id, tenant_id, reviewed_by, note, digest, entries, seal)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      review.id,
      review.tenantId,
      review.reviewedBy,
      review.note,
      review.digest,
      review.entries,
      review.seal,
    ],
  );
}
