import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { endOwnSession, endSeenSessions, listDevices, type Device } from './repo.ts';

export type OwnDevice = Device & { current: boolean };

/** Where one is signed in. */
export async function listOwnDevices(ctx: RequestContext): Promise<OwnDevice[]> {
  const { sessionId } = ctx.actor;
  const devices = await ctx.inControl((tx) => listDevices(tx, asking(ctx)));
  return devices.map((device) => ({ ...device, current: device.id === sessionId }));
}

/** Signs one other device out; another person's session is not found. */
export async function endDevice(
  ctx: RequestContext,
  parts: Pick<IdentityParts, 'sessions'>,
  id: string,
): Promise<void> {
  const { sessionId } = ctx.actor;
  if (id === sessionId)
    throw new AppError('not_allowed_now', 'This is the device that you use: sign out instead');
  await ctx.inControl(async (tx) => {
    if (!(await endOwnSession(tx, { ...asking(ctx), id })))
      throw new AppError('not_found', 'No such device');
    await recordOnPlatform(tx, ctx, {
      action: 'session.end',
      resourceType: 'session',
      resourceId: id,
    });
  });
  parts.sessions.forget(id);
}

/** Signs all other devices out. */
export async function endOtherDevices(ctx: RequestContext): Promise<{ ended: number }> {
  const { auditId } = ctx.actor;
  return ctx.inControl(async (tx) => {
    const ended = await endSeenSessions(tx, asking(ctx));
    await recordOnPlatform(tx, ctx, {
      action: 'session.end_all',
      resourceType: 'account',
      resourceId: auditId ?? 'unknown',
      after: { ended, reason: 'signed_out' },
    });
    return { ended };
  });
}

function asking({ actor }: RequestContext): { accountId: string; sessionId: string } {
  return { accountId: actor.accountId ?? '', sessionId: actor.sessionId ?? '' };
}
