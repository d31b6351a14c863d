import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';
import {
  answerVisit,
  endVisitRow,
  findRule,
  findVisited,
  insertVisit,
  isSecondPerson,
  lockVisit,
  setRule,
  type VisitRow,
} from './repo.ts';
import { sealOfRule, sealOfVisit, soundVisit } from './visit-seals.ts';

const MOST_WAITING = 5;

/** Through which door somebody acts: a tenant's administrators, or the platform. */
type Door = { id: string; tenantId: string | null };

/**
 * Asks to look at the content of a tenant. Nothing is open before somebody else has approved it.
 *
 * @throws AppError not_allowed_now for a tenant that holds its own seal, or is not open
 */
export async function askForVisit(
  ctx: RequestContext,
  wish: { tenantId: string; reason: string; minutes: number },
): Promise<{ id: string }> {
  const accountId = ctx.actor.accountId ?? '';
  return ctx.inControl(async (tx) => {
    const tenant = await findVisited(tx, { tenantId: wish.tenantId, accountId });
    if (!tenant) throw new AppError('not_found', 'No such tenant');
    if (tenant.tier === 'sealed')
      throw new AppError(
        'not_allowed_now',
        'A tenant that holds its own seal is visited by nobody',
      );
    if (tenant.state !== 'active') throw new AppError('not_allowed_now', 'This tenant is not open');
    if (tenant.waiting >= MOST_WAITING)
      throw new AppError('not_allowed_now', 'Your requests for this tenant wait already');
    const visit = { ...wish, id: newId(), accountId, decidedBy: null, expiresAt: null };
    await insertVisit(tx, { ...visit, seal: sealOfVisit(ctx.platform.pepper, visit) });
    await tell(tx, ctx, { verb: 'request', visit, after: { minutes: wish.minutes } });
    return { id: visit.id };
  });
}

/**
 * Approves or refuses a visit: an administrator of the tenant, or, where the tenant has set that, a
 * second person of the platform. Never whoever asked for it.
 */
export async function decideVisit(
  ctx: RequestContext,
  { approve, ...door }: Door & { approve: boolean },
): Promise<void> {
  const { pepper } = ctx.platform;
  await ctx.inControl(async (tx) => {
    const visit = await find(tx, door);
    if (visit.accountId === ctx.actor.accountId)
      throw new AppError('forbidden', 'Nobody approves a visit of their own');
    if (door.tenantId === null && !(await decidesPlatform(tx, ctx, visit.tenantId)))
      throw new AppError('forbidden', 'In this tenant only its administrators decide this');
    if (door.tenantId === null && !(await isSecondPerson(tx, ctx.actor.accountId, visit)))
      throw new AppError(
        'forbidden',
        'Whoever came to run the platform less than a day before the request, or by an invitation of who asks, is no second person; ask another one, or the tenant',
      );
    if (visit.phase !== 'asked' || !soundVisit(pepper, visit))
      throw new AppError('not_allowed_now', 'This request waits for no answer any more');
    const decidedBy = ctx.actor.accountId;
    const expiresAt = approve ? new Date(ctx.clock.now().getTime() + visit.minutes * 60_000) : null;
    const seal =
      expiresAt && sealOfVisit(pepper, { ...visit, decidedBy, expiresAt: expiresAt.getTime() });
    await answerVisit(tx, { id: visit.id, decidedBy, expiresAt, seal });
    const until = expiresAt ? { expiresAt: expiresAt.toISOString() } : {};
    await tell(tx, ctx, { verb: approve ? 'approve' : 'refuse', visit, after: until });
  });
}

/** Ends a visit at once; what was asked for and not answered is taken back. Once more changes nothing. */
export async function endVisit(ctx: RequestContext, door: Door): Promise<void> {
  const endedBy = ctx.actor.accountId;
  await ctx.inControl(async (tx) => {
    const visit = await find(tx, door);
    if (visit.phase === 'asked')
      await answerVisit(tx, { id: visit.id, decidedBy: endedBy, expiresAt: null, seal: null });
    else if (visit.phase === 'open') await endVisitRow(tx, { id: visit.id, endedBy });
    else return;
    await tell(tx, ctx, { verb: 'end', visit, after: {} });
  });
}

/** Whether a second person of the platform may approve visits to this tenant. */
export async function changeVisitRule(
  ctx: RequestContext,
  rule: { tenantId: string; byPlatform: boolean },
): Promise<void> {
  const { tenantId, byPlatform } = rule;
  await ctx.inControl(async (tx) => {
    const before = await decidesPlatform(tx, ctx, tenantId);
    await setRule(tx, { ...rule, seal: sealOfRule(ctx.platform.pepper, rule) });
    await recordOnPlatform(tx, ctx, {
      action: 'visit_rule.update',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      before: { byPlatform: before },
      after: { byPlatform },
    });
  });
}

/** False without a rule, and for one that somebody else wrote. */
export async function decidesPlatform(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  tenantId: string,
): Promise<boolean> {
  const rule = await findRule(tx, tenantId);
  if (!rule?.byPlatform) return false;
  return sameSeal(rule.seal, sealOfRule(pepper, { tenantId, byPlatform: true }));
}

async function find(tx: ControlTx, { id, tenantId }: Door): Promise<VisitRow> {
  const visit = await lockVisit(tx, id);
  if (!visit || (tenantId !== null && visit.tenantId !== tenantId))
    throw new AppError('not_found', 'No such visit');
  return visit;
}

type Telling = {
  verb: 'request' | 'approve' | 'refuse' | 'end';
  visit: { id: string; tenantId: string };
  after: Record<string, unknown>;
};

async function tell(
  tx: ControlTx,
  ctx: RequestContext,
  { verb, visit, after }: Telling,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action: `visit.${verb}`,
    resourceType: 'visit',
    resourceId: visit.id,
    tenantId: visit.tenantId,
    after,
  });
}
