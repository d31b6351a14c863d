import { recordOnPlatform } from '../audit/index.ts';
import { AppError, newId, type RequestContext } from '../platform/index.ts';
import { insertRotation, type Rotation } from './repo.ts';
import { commandOf, type Secret } from './secret.ts';

type Wish = { name: string; compromised: boolean };

/**
 * Asks the provisioner to rotate a secret; it begins at once. Throws not_found for an unknown name,
 * not_allowed_now for one that only a command on the host can rotate, or that is being rotated.
 */
export async function requestRotation(
  ctx: RequestContext,
  secrets: readonly Secret[],
  { name, compromised }: Wish,
): Promise<Rotation> {
  const secret = secrets.find((candidate) => candidate.name === name);
  if (!secret) throw new AppError('not_found', `There is no secret "${name}"`);
  if (!secret.rotate)
    throw new AppError(
      'not_allowed_now',
      `It is rotated on the host, by an operator: \`${commandOf(secret)}\``,
    );
  return ctx.inControl(async (tx) => {
    const reason = compromised ? 'compromised' : 'command';
    const made = await insertRotation(tx, { id: newId(), secret: name, reason });
    if (!made)
      throw new AppError('not_allowed_now', 'It is being rotated already; look again in a moment');
    await recordOnPlatform(tx, ctx, {
      action: 'secret.rotate',
      resourceType: 'secret',
      resourceId: name,
      after: { reason },
    });
    return made;
  });
}
