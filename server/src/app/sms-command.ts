import { z } from 'zod';
import { AppError, createSmsGateway, type Config } from '../platform/index.ts';
import { readWish } from './with-command-parts.ts';

const wishSchema = z.strictObject({
  to: z.string().regex(/^\+\d{5,15}$/, 'must be +47…, of digits alone'),
});

/** Sends one message, to see whether messages arrive. */
export async function smsCommand(config: Config, input: string): Promise<{ sentTo: string }> {
  const { to } = readWish(wishSchema, input);
  const send = createSmsGateway(config);
  if (!send) throw new AppError('invalid_input', 'No gateway is named: `casemate sms --help`');
  await send({ to, text: 'A test of Casemate. Codes will come this way.' }).catch(
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : 'no reason was given';
      throw new AppError('unavailable', `The gateway did not take it: ${why}`, { cause });
    },
  );
  return { sentTo: to };
}
