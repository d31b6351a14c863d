import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { endOtherSessions, endOwnSession, listDevices, type Device } from './repo.ts';

export type OwnDevice = Device & { current: boolean };

/** Where one is signed in. */
export async function listOwnDevices(ctx: RequestContext): Promise<OwnDevice[]> {
  const { accountId, sessionId } = ctx.actor;
  const devices = await ctx.inControl((tx) => listDevices(tx, accountId ?? ''));
  return devices.map((device) => ({ ...device, current: device.id === sessionId }));
}

/** Signs one other device out; another person's session is not found. */
export async function endDevice(
  ctx: RequestContext,
  parts: Pick<IdentityParts, 'sessions'>,
  id: string,
): Promise<void> {
  const { accountId, sessionId } = ctx.actor;
  if (id === sessionId)
    throw new AppError('not_allowed_now', 'This is the device that you use: sign out instead');
  await ctx.inControl(async (tx) => {
    if (!(await endOwnSession(tx, { accountId: accountId ?? '', id })))
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
  const { accountId, auditId, sessionId } = ctx.actor;
  return ctx.inControl(async (tx) => {
    const wish = { accountId: accountId ?? '', keep: sessionId ?? '', reason: 'signed_out' };
    const ended = await endOtherSessions(tx, wish);
    await recordOnPlatform(tx, ctx, {
      action: 'session.end_all',
      resourceType: 'account',
      resourceId: auditId ?? 'unknown',
      after: { ended, reason: 'signed_out' },
    });
    return { ended };
  });
}
