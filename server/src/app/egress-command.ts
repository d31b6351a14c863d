import { z } from 'zod';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import {
  egressReportSchema,
  keepEgressReport,
  readEgressReport,
  type SignedEgress,
} from '../trust/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('keep'), report: egressReportSchema }),
  z.strictObject({ verb: z.literal('last') }),
]);

/** Signs and keeps a report of what left this instance, or gives the last one. */
export async function egressCommand(
  config: Config,
  input: string,
): Promise<{ report: SignedEgress | null }> {
  const wish = readWish(wishSchema, input);
  return withCommandParts(config, 2, async (ctx) => ({
    report: wish.verb === 'keep' ? await keepEgressReport(ctx, wish.report) : await readLast(ctx),
  }));
}

async function readLast(ctx: RequestContext): Promise<SignedEgress | null> {
  const { report, fault } = await readEgressReport(ctx);
  if (fault !== null) throw new AppError('unreadable', fault);
  return report;
}
