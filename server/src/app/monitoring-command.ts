import { z } from 'zod';
import { createMailer, listAlerts, type KeptAlert } from '../observability/index.ts';
import { AppError, type Config } from '../platform/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('alerts') }),
  z.strictObject({ verb: z.literal('test') }),
]);

/** Lists the alerts, or sends a mail to see whether mails arrive. */
export async function monitoringCommand(
  config: Config,
  input: string,
): Promise<{ alerts: readonly KeptAlert[] } | { sentTo: readonly string[] }> {
  const wish = readWish(wishSchema, input);
  if (wish.verb === 'alerts')
    return withCommandParts(config, 2, async (ctx) => ({
      alerts: await ctx.inControl(listAlerts),
    }));
  const send = createMailer(config);
  if (!send) throw new AppError('invalid_input', 'No relay and no receiver are named');
  const host = config.CASEMATE_HOST_NAME;
  await send({
    subject: `[Casemate ${host}] a test of the alerts`,
    text: `Alerts of ${host} arrive here. Nothing is wrong: somebody ran \`casemate monitoring test\`.`,
  }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'no reason was given';
    throw new AppError('unavailable', `The relay did not take the mail: ${why}`, { cause });
  });
  return { sentTo: config.CASEMATE_ALERT_TO ?? [] };
}
