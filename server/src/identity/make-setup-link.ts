import { recordOnPlatform } from '../audit/index.ts';
import type { RequestContext } from '../platform/index.ts';
import { randomToken } from './random-token.ts';
import { expireSetupLinks, insertSetupLink } from './links/setup-links.ts';
import { countAdministrators } from './repo.ts';

const HOURS = 24;

export type MadeLink = { token: string; expiresAt: Date; administrators: number };

/**
 * A one-time link for an administrator; older unused ones end. Only a command on the host makes
 * one, so nobody becomes administrator by being first at the page.
 */
export async function makeSetupLink(ctx: RequestContext): Promise<MadeLink> {
  const token = randomToken();
  const hash = ctx.platform.pepper.mac('setup-link', token);
  return ctx.inControl(async (tx) => {
    await expireSetupLinks(tx, 'first_admin');
    const expiresAt = await insertSetupLink(tx, { hash, kind: 'first_admin', hours: HOURS });
    await recordOnPlatform(tx, ctx, {
      action: 'setup_link.create',
      resourceType: 'setup_link',
      resourceId: hash.toString('hex').slice(0, 12),
    });
    return { token, expiresAt, administrators: await countAdministrators(tx) };
  });
}
