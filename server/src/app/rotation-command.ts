import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import {
  findRotation,
  listSecrets,
  presentRotation,
  presentSecret,
  requestRotation,
  type Rotation,
} from '../rotation/index.ts';
import { secrets } from './secrets.ts';
import { withCommandParts } from './with-command-parts.ts';

/** What the installer hands over on standard input. */
const wishSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list') }),
  z.strictObject({
    do: z.literal('run'),
    name: z.string().max(80),
    compromised: z.boolean().default(false),
  }),
]);

export type RotationAnswer =
  | { secrets: ReturnType<typeof presentSecret>[] }
  | { name: string; rotation: ReturnType<typeof presentRotation> };

const WAIT_MS = 120_000;
const POLL_MS = 250;

/** Lists the secrets, or asks the provisioner to rotate one and waits until it has. */
export async function rotationCommand(config: Config, input: string): Promise<RotationAnswer> {
  const wish = wishSchema.parse(JSON.parse(input));
  return withCommandParts(config, 2, async (ctx) => {
    if (wish.do === 'list')
      return { secrets: (await listSecrets(ctx, secrets)).map(presentSecret) };
    const { id } = await requestRotation(ctx, secrets, wish);
    return { name: wish.name, rotation: presentRotation(await awaitEnd(ctx, id)) };
  });
}

async function awaitEnd(ctx: RequestContext, id: string): Promise<Rotation> {
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const rotation = await ctx.inControl((tx) => findRotation(tx, id));
    if (rotation?.finishedAt) return rotation;
    await sleep(POLL_MS);
  }
  throw new AppError(
    'unavailable',
    'It was asked for, but not done in two minutes; see `casemate logs provisioner`',
  );
}
