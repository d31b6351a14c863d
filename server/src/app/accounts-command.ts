import { z } from 'zod';
import { resetFactors } from '../identity/index.ts';
import type { Config } from '../platform/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** What `casemate accounts` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('reset-factors'), email: z.string().min(3).max(254) }),
]);

/** Accounts, for whoever runs the host. */
export async function accountsCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts<unknown>(config, 2, (ctx, parts) =>
    resetFactors(ctx, parts.identity, wish.email),
  );
}
