import { z } from 'zod';
import { acceptRows, listUntrusted } from '../identity/index.ts';
import type { Config } from '../platform/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** What `casemate rights` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('list') }),
  z.strictObject({
    verb: z.literal('accept'),
    email: z.string().min(3).max(254).nullable(),
    factors: z.enum(['keep', 'drop']).nullable().default(null),
  }),
]);

/** Rows of rights that the server did not write: shows them, takes accounts and memberships as they are. */
export async function rightsCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts<unknown>(config, 2, (ctx, { identity }) =>
    wish.verb === 'list' ? listUntrusted(ctx) : acceptRows(ctx, identity, wish),
  );
}
