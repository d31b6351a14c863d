import { z } from 'zod';
import {
  empty,
  endpoint,
  json,
  evenClosed,
  type Endpoint,
  type RequestContext,
} from '../../platform/index.ts';
import { askForShares, takeShares } from './ask-for-shares.ts';
import { closeSeal } from './close-seal.ts';
import { openSeal } from './open-seal.ts';
import { readSeal } from './read-seal.ts';

const SEAL = '/api/tenants/:tenantId/seal';
const params = z.strictObject({ tenantId: z.uuid() });
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64');

const sealSchema = z.object({
  state: z.string(),
  sealed: z.boolean(),
  since: z.iso.datetime().nullable(),
  reason: z.enum(['new', 'person', 'key_service']).nullable(),
  shares: z
    .object({ all: z.number().int(), needed: z.number().int(), given: z.number().int() })
    .nullable(),
  index: z.enum(['dropped', 'building', 'whole']),
  /** Since when the model server may hold prompts in its memory although the tenant is sealed. */
  promptsLeftSince: z.iso.datetime().nullable(),
  /** Who alone makes and takes the key shares; without a name when their account has ended. */
  custodian: z
    .object({
      name: z.string().nullable(),
      email: z.string().nullable(),
      /** Whether they run the platform, now or when they were named. */
      operator: z.boolean(),
      you: z.boolean(),
      takenAt: z.iso.datetime().nullable(),
    })
    .nullable(),
});

type Described = { name: string; email: string; operator: boolean };
export type DescribePerson = (
  ctx: RequestContext,
  accountId: string,
) => Promise<Described | undefined>;
type Present = (ctx: RequestContext, id: string) => Promise<z.input<typeof sealSchema>>;

function presenter(describe: DescribePerson): Present {
  return async (ctx, id) => {
    const {
      tenantId: _id,
      name: _name,
      since,
      promptsLeftSince,
      custodian,
      ...seal
    } = await readSeal(ctx, id);
    const person = custodian && (await describe(ctx, custodian.accountId));
    return {
      ...seal,
      since: since?.toISOString() ?? null,
      promptsLeftSince: promptsLeftSince?.toISOString() ?? null,
      custodian: custodian && {
        name: person?.name ?? null,
        email: person?.email ?? null,
        operator: custodian.operator || person?.operator === true,
        you: custodian.accountId === ctx.actor.accountId,
        takenAt: custodian.takenAt?.toISOString() ?? null,
      },
    };
  };
}

/** A tenant's own seal: what it is, the making of its key shares, opening and sealing. */
export function sealRoutes(describe: DescribePerson): readonly Endpoint[] {
  const present = presenter(describe);
  return [
    endpoint({
      method: 'get',
      path: SEAL,
      summary: 'Whether a tenant that holds its own seal is sealed, since when and why',
      guard: evenClosed('tenant.read'),
      limit: 'account',
      input: { params },
      output: json(sealSchema),
      audit: null,
      run: (ctx, input) => present(ctx, input.params.tenantId),
    }),
    endpoint({
      method: 'post',
      path: `${SEAL}/shares`,
      summary: 'Ask for the key shares of a new tenant, encrypted to the key of your browser',
      guard: evenClosed('seal.hold'),
      stepUp: true,
      limit: 'account',
      input: {
        params,
        body: z.strictObject({
          publicKey: base64.max(1_600),
          shares: z.number().int().min(1).max(10),
          threshold: z.number().int().min(1).max(10),
        }),
      },
      output: empty,
      audit: ['seal.ask'],
      run: (ctx, { params: { tenantId }, body }) =>
        askForShares(ctx, { ...body, tenantId, publicKey: Buffer.from(body.publicKey, 'base64') }),
    }),
    endpoint({
      method: 'post',
      path: `${SEAL}/shares/take`,
      summary: 'Take the key shares that you asked for, encrypted, once; null until they are made',
      guard: evenClosed('seal.hold'),
      limit: 'account',
      input: { params, body: z.strictObject({}) },
      output: json(z.object({ sealedShares: z.array(z.string()).nullable() })),
      audit: ['seal.take'],
      run: async (ctx, input) => ({
        sealedShares: (await takeShares(ctx, input.params.tenantId)) ?? null,
      }),
    }),
    endpoint({
      method: 'post',
      path: `${SEAL}/open`,
      summary: 'Give key shares; the tenant opens once there are enough',
      guard: evenClosed('seal.hold'),
      stepUp: true,
      limit: 'account',
      input: {
        params,
        body: z.strictObject({ shares: z.array(shareSchema()).min(1).max(10) }),
      },
      output: json(sealSchema),
      audit: ['seal.open'],
      run: async (ctx, { params: { tenantId }, body }) => {
        await openSeal(ctx, { tenantId, shares: body.shares });
        return present(ctx, tenantId);
      },
    }),
    endpoint({
      method: 'post',
      path: `${SEAL}/close`,
      summary: 'Seal the tenant: nobody reads its data until its key shares open it again',
      guard: evenClosed('seal.hold'),
      stepUp: true,
      limit: 'account',
      input: { params, body: z.strictObject({}) },
      output: json(sealSchema),
      audit: ['seal.close'],
      run: async (ctx, input) => {
        await closeSeal(ctx, input.params.tenantId);
        return present(ctx, input.params.tenantId);
      },
    }),
  ];
}

/** As the key service prints them: 32 bytes for a single share, one byte more for each of several. */
export function shareSchema(): z.ZodType<string> {
  return z
    .string()
    .trim()
    .regex(/^[0-9a-fA-F]{64}([0-9a-fA-F]{2})?$/, 'is no key share: 64 or 66 hexadecimal digits');
}
