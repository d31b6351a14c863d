import type { RequestContext } from '../../platform/index.ts';
import { decidesPlatform } from './change-visits.ts';
import { listViewRows, listVisitRows, type ViewRow, type VisitRow } from './repo.ts';
import { soundVisit } from './visit-seals.ts';

export type Visit = Omit<VisitRow, 'auditId' | 'seal' | 'expiresAt' | 'decidedBy' | 'accountId'> & {
  expiresAt: Date | null;
  /** Whether whoever asks is the visitor. */
  own: boolean;
};

/** The visits to a tenant, or to all of them. What somebody else wrote is not among the open ones. */
export async function listVisits(ctx: RequestContext, tenantId: string | null): Promise<Visit[]> {
  const rows = await ctx.inControl((tx) => listVisitRows(tx, tenantId));
  const { pepper } = ctx.platform;
  return rows.map((row) => {
    const { seal: _seal, auditId: _auditId, decidedBy: _by, accountId, expiresAt, ...visit } = row;
    const waits = visit.phase === 'asked' || visit.phase === 'open';
    const forged = waits && !soundVisit(pepper, row);
    return {
      ...visit,
      phase: forged ? 'over' : visit.phase,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      own: accountId === ctx.actor.accountId,
    };
  });
}

export async function listTenantVisits(
  ctx: RequestContext,
  tenantId: string,
): Promise<{ visits: Visit[]; byPlatform: boolean }> {
  const visits = await listVisits(ctx, tenantId);
  const byPlatform = await ctx.inControl((tx) => decidesPlatform(tx, ctx, tenantId));
  return { visits, byPlatform };
}

/** The visits that are open now: for everybody in the tenant, who may know that somebody looks. */
export async function listOpenVisits(
  ctx: RequestContext,
  tenantId: string,
): Promise<{ id: string; visitor: string; expiresAt: Date; own: boolean }[]> {
  return (await listVisits(ctx, tenantId)).flatMap(({ id, visitor, phase, expiresAt, own }) =>
    phase === 'open' && expiresAt ? [{ id, visitor, expiresAt, own }] : [],
  );
}

export function listViews(
  ctx: RequestContext,
  of: { tenantId: string; visitId: string; before: number | null },
): Promise<{ views: ViewRow[]; next: number | null }> {
  return ctx.inControl((tx) => listViewRows(tx, of));
}
