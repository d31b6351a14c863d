import { z } from 'zod';
import {
  AppError,
  endpoint,
  json,
  platformPermission,
  type EncryptedColumn,
  type Endpoint,
} from '../platform/index.ts';
import { getInventory, listInventory, type InventoryParts } from './inventory/key-inventory.ts';
import { findOwner } from './repo/owners.ts';
import { findRotation } from './repo/rotations.ts';
import { requestRotation } from './rotation/request-rotation.ts';
import {
  keyOwnerDetailSchema,
  keyOwnerSchema,
  keyRotationSchema,
  presentKeyRotation,
  presentOwner,
  presentOwnerDetail,
  rotationKindSchema,
} from './schema.ts';

const ownerParam = z.strictObject({ owner: z.union([z.literal('platform'), z.uuid()]) });
const idOf = (owner: string): string | null => (owner === 'platform' ? null : owner);

const PAGE = 50;

/** The inventory of keys; `columns` are those of all rooms, of both tiers. */
export function keyRoutes(
  parts: InventoryParts,
  columns: readonly EncryptedColumn[],
): readonly Endpoint[] {
  const read = {
    guard: platformPermission('secrets.read'),
    limit: 'account',
    audit: null,
  } as const;
  return [
    endpoint({
      ...read,
      method: 'get',
      path: '/api/platform/keys',
      summary: 'Keys of the platform and of each tenant: versions, ages, the latest rotation',
      input: {
        query: z.strictObject({
          search: z.string().trim().max(120).default(''),
          after: z.uuid().optional(),
        }),
      },
      output: json(
        z.object({
          backend: z.object({ label: z.string(), insecure: z.boolean() }),
          memory: z.object({ seconds: z.int(), longestSeconds: z.int(), uses: z.int() }),
          columns: z.array(
            z.object({ table: z.string(), column: z.string(), tier: z.enum(['all', 'sealed']) }),
          ),
          owners: z.array(keyOwnerSchema),
          next: z.uuid().nullable(),
        }),
      ),
      run: async (ctx, { query }) => {
        const page = { search: query.search, after: query.after ?? null, limit: PAGE };
        const owners = await listInventory(parts, ctx, page);
        const { config, keys } = ctx.platform;
        const last = owners.at(-1)?.owner.tenantId ?? null;
        return {
          backend: { label: keys.label, insecure: keys.insecure },
          memory: {
            seconds: config.CASEMATE_DATA_KEY_SECONDS,
            longestSeconds: config.CASEMATE_DATA_KEY_LONGEST_SECONDS,
            uses: config.CASEMATE_DATA_KEY_USES,
          },
          columns: columns.map(({ table, column, tier }) => ({ table, column, tier })),
          owners: owners.map(presentOwner),
          next: owners.length < PAGE ? null : last,
        };
      },
    }),
    endpoint({
      ...read,
      method: 'get',
      path: '/api/platform/keys/:owner',
      summary: 'Keys of one owner, with the rows under each version and its rotations',
      input: { params: ownerParam },
      output: json(keyOwnerDetailSchema),
      run: async (ctx, { params }) =>
        presentOwnerDetail(await getInventory(parts, ctx, idOf(params.owner))),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/keys/:owner/rotations',
      summary: 'Rotate the wrapping or the data key of an owner, or encrypt what is plain',
      guard: platformPermission('secrets.rotate'),
      stepUp: true,
      limit: 'account',
      input: { params: ownerParam, body: z.strictObject({ kind: rotationKindSchema }) },
      output: json(keyRotationSchema, 202),
      audit: ['key.rotate'],
      run: async (ctx, { params, body }) => {
        const tenantId = idOf(params.owner);
        if (!(await ctx.inControl((tx) => findOwner(tx, tenantId))))
          throw new AppError('not_found', 'No such owner of keys');
        const { id } = await requestRotation(ctx, { tenantId, kind: body.kind });
        const rotation = await ctx.inControl((tx) => findRotation(tx, id));
        if (!rotation) throw new Error('the rotation vanished while it was asked for');
        return presentKeyRotation(rotation);
      },
    }),
  ];
}
