import type { RequestContext } from '../../../platform/index.ts';
import { keepSubject } from '../identities-repo.ts';

type Link = { connectionId: string; accountId: string };

/** The associated data of a kept subject: that of another link does not open. */
export function placeOfSubject({ connectionId, accountId }: Link): {
  table: string;
  row: string;
  field: string;
} {
  return { table: 'directory_subjects', row: `${connectionId}/${accountId}`, field: 'value' };
}

/**
 * Keeps, encrypted, under which id the directory knows somebody who is linked, so that it can be asked later
 * whether they are there still.
 */
export async function rememberSubject(
  ctx: RequestContext,
  link: Link,
  subject: string,
): Promise<void> {
  const fields = await ctx.openPlatformFields();
  const value = fields.encrypt(placeOfSubject(link), subject);
  await ctx.inControl((tx) => keepSubject(tx, { ...link, value }));
}
