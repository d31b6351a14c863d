import { z } from 'zod';
import { AppError, type Config } from '../platform/index.ts';
import { endLockout } from './limits/end-lockout.ts';
import { readLimits, type ShownLimits } from './limits/read-limits.ts';
import { withCommandParts } from './with-command-parts.ts';

/** What `casemate limits` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('show') }),
  z.strictObject({ verb: z.literal('unlock'), id: z.uuid('That is no id of a lockout') }),
]);

export type LimitsAnswer = ShownLimits | { unlocked: string };

/** Shows the limits in force and the lockouts, or ends a lockout before its time. */
export async function limitsCommand(config: Config, input: string): Promise<LimitsAnswer> {
  const wish = wishSchema.safeParse(JSON.parse(input));
  if (!wish.success)
    throw new AppError('invalid_input', wish.error.issues[0]?.message ?? 'is no wish');
  return withCommandParts(config, 2, async (ctx) =>
    wish.data.verb === 'show' ? readLimits(ctx) : { unlocked: await endLockout(ctx, wish.data.id) },
  );
}
