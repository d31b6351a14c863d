import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type RequestContext } from '../../platform/index.ts';
import { insertRotation, type RotationKind } from '../repo/rotations.ts';

/** Asks for a rotation; it runs in the background. Throws not_allowed_now while one is under way. */
export function requestRotation(
  ctx: RequestContext,
  { tenantId, kind }: { tenantId: string | null; kind: RotationKind },
): Promise<{ id: string }> {
  const id = newId();
  return ctx.inControl(async (tx) => {
    const requestedBy = ctx.actor.accountId;
    if (!(await insertRotation(tx, { id, tenantId, kind, requestedBy })))
      throw new AppError('not_allowed_now', 'A rotation of these keys is under way; wait for it');
    await recordOnPlatform(tx, ctx, {
      action: 'key.rotate',
      resourceType: 'key',
      resourceId: tenantId ?? 'platform',
      ...(tenantId === null ? {} : { tenantId }),
      after: { kind, rotation: id },
    });
    return { id };
  });
}
