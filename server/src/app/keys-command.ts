import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  findRotation,
  getInventory,
  listInventory,
  presentKeyRotation,
  presentOwner,
  presentOwnerDetail,
  requestRotation,
} from '../crypto/index.ts';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import { findTenantByName } from '../tenancy/index.ts';
import { keyParts } from './key-parts.ts';
import { withCommandParts } from './with-command-parts.ts';

/** `platform`, or a tenant by its id or name. */
const owner = z.string().min(1).max(500);

/** What `casemate keys` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('list'), after: z.uuid().optional() }),
  z.strictObject({ verb: z.literal('status'), owner }),
  z.strictObject({
    verb: z.literal('rotate'),
    owners: z.array(owner).max(20_000).nullable(),
    kind: z.enum(['wrapping', 'data', 'backfill']),
    wait: z.boolean(),
  }),
]);

type Wish = z.output<typeof wishSchema>;

const PAGE = 200;
const POLL_MS = 500;
const LONGEST_WAIT_MS = 30 * 60_000;

/** Lists keys, shows those of one owner, or asks for rotations and perhaps waits for their end. */
export async function keysCommand(config: Config, input: string): Promise<unknown> {
  const wish = wishSchema.parse(JSON.parse(input));
  return withCommandParts(config, 4, (ctx) => run(ctx, wish));
}

async function run(ctx: RequestContext, wish: Wish): Promise<unknown> {
  if (wish.verb === 'list') return list(ctx, wish.after ?? null);
  if (wish.verb === 'status')
    return presentOwnerDetail(await getInventory(keyParts, ctx, await idOf(ctx, wish.owner)));
  const rotations = [];
  for (const tenantId of await chosenOwners(ctx, wish.owners)) {
    const { id } = await requestRotation(ctx, { tenantId, kind: wish.kind });
    rotations.push({ owner: tenantId ?? 'platform', id });
  }
  return { rotations: await Promise.all(rotations.map((one) => follow(ctx, one, wish.wait))) };
}

async function list(ctx: RequestContext, after: string | null): Promise<unknown> {
  const owners = await listInventory(keyParts, ctx, { search: '', after, limit: PAGE });
  const { label, insecure } = ctx.platform.keys;
  const next = owners.length < PAGE ? null : (owners.at(-1)?.owner.tenantId ?? null);
  return { backend: { label, insecure }, owners: owners.map(presentOwner), next };
}

async function chosenOwners(
  ctx: RequestContext,
  named: readonly string[] | null,
): Promise<(string | null)[]> {
  if (named) return Promise.all(named.map((name) => idOf(ctx, name)));
  const all: (string | null)[] = [];
  for (let after: string | null = null; ; after = all.at(-1) ?? null) {
    const page = await listInventory(keyParts, ctx, { search: '', after, limit: PAGE });
    all.push(...page.filter(({ keys }) => keys !== null).map((one) => one.owner.tenantId));
    if (page.length < PAGE) return all;
  }
}

async function idOf(ctx: RequestContext, name: string): Promise<string | null> {
  if (name === 'platform') return null;
  const tenant = await ctx.inControl((tx) => findTenantByName(tx, name));
  if (!tenant) throw new AppError('not_found', `No such tenant: ${name}`);
  return tenant.id;
}

async function follow(
  ctx: RequestContext,
  { owner: whose, id }: { owner: string; id: string },
  wait: boolean,
): Promise<unknown> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const rotation = await ctx.inControl((tx) => findRotation(tx, id));
    if (!rotation) throw new AppError('not_found', 'The rotation vanished');
    const ended = rotation.state === 'done' || rotation.state === 'failed';
    if (ended || !wait || performance.now() > deadline)
      return { owner: whose, ...presentKeyRotation(rotation) };
    await sleep(POLL_MS);
  }
}
