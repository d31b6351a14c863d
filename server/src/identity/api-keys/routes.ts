import { z } from 'zod';
import { SCOPES } from '../../access/index.ts';
import {
  empty,
  endpoint,
  json,
  tenantPermission,
  type Endpoint,
  type RequestContext,
} from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { plainNetwork } from './allows-address.ts';
import { issueKey } from './issue-key.ts';
import type { KeyOwner } from './key-owner.ts';
import { listTenantKeys } from './list-keys.ts';
import type { KeyRow } from './repo.ts';
import { revokeKey } from './revoke-key.ts';
import {
  createServiceAccount,
  deleteServiceAccount,
  listServices,
  type ServiceAccountView,
} from './service-accounts.ts';

const params = z.strictObject({ tenantId: z.uuid() });
const ofKey = z.strictObject({ tenantId: z.uuid(), keyId: z.uuid() });
const ofService = z.strictObject({ tenantId: z.uuid(), serviceAccountId: z.uuid() });
const name = z.string().trim().min(1).max(80);
const role = z.enum(['member', 'reviewer', 'admin']);

export const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  hint: z.string(),
  scopes: z.array(z.string()),
  addresses: z.array(z.string()),
  owner: z.object({ id: z.uuid(), name: z.string(), kind: z.enum(['person', 'service']) }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  state: z.enum(['active', 'paused', 'expired', 'revoked']),
});
export const madeKeySchema = keySchema.extend({ key: z.string() });
const serviceSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  keys: z.int(),
  createdAt: z.iso.datetime(),
});

const network = z
  .string()
  .max(60)
  .transform((text, { addIssue }) => {
    const plain = plainNetwork(text);
    if (plain === null) addIssue('must be an address or a network such as 10.1.0.0/16');
    return plain ?? z.NEVER;
  });
export const keyWish = z.strictObject({
  name,
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  expiresInDays: z.int().min(1).max(366),
  addresses: z.array(network).max(50).default([]),
});

/** API keys and service accounts of a tenant. None of these can be used with an API key. */
export function apiKeyRoutes(parts: IdentityParts): readonly Endpoint[] {
  const issue = async (
    ctx: RequestContext,
    wish: z.output<typeof keyWish>,
    owner: KeyOwner,
  ): Promise<z.input<typeof madeKeySchema>> => {
    const { key, ...row } = await issueKey(ctx, parts, { ...wish, owner });
    return { ...presentKey(ctx, row), key };
  };
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/api-keys',
      summary: 'One’s own API keys in the tenant, or all of them for its administrators',
      guard: tenantPermission('api-keys.revoke'),
      limit: 'account',
      input: { params },
      output: json(
        z.object({
          keys: z.array(keySchema),
          scopes: z.array(z.string()),
          manages: z.boolean(),
        }),
      ),
      audit: null,
      run: async (ctx) => {
        const { keys, scopes, manages } = await listTenantKeys(ctx);
        return { keys: keys.map((key) => presentKey(ctx, key)), scopes, manages };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/api-keys',
      summary: 'Make an API key of one’s own; the key itself is answered this once',
      guard: tenantPermission('api-keys.use', 'api-keys'),
      stepUp: true,
      limit: 'account',
      input: { params, body: keyWish },
      output: json(madeKeySchema, 201),
      audit: ['api_key.create'],
      run: (ctx, { body }) => issue(ctx, body, { kind: 'self' }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/api-keys/:keyId',
      summary: 'Revoke an API key; it opens nothing two seconds later',
      guard: tenantPermission('api-keys.revoke'),
      limit: 'account',
      input: { params: ofKey },
      output: empty,
      audit: ['api_key.revoke'],
      run: (ctx, { params: { keyId } }) => revokeKey(ctx, keyId),
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/service-accounts',
      summary: 'The service accounts of the tenant',
      guard: tenantPermission('api-keys.manage'),
      limit: 'account',
      input: { params },
      output: json(z.object({ accounts: z.array(serviceSchema) })),
      audit: null,
      run: async (ctx) => ({ accounts: (await listServices(ctx)).map(presentService) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/service-accounts',
      summary: 'Make a service account, which can do nothing before it has a key',
      guard: tenantPermission('api-keys.manage'),
      stepUp: true,
      limit: 'account',
      input: { params, body: z.strictObject({ name, role }) },
      output: json(serviceSchema, 201),
      audit: ['service_account.create'],
      run: async (ctx, { body }) => presentService(await createServiceAccount(ctx, parts, body)),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/service-accounts/:serviceAccountId/api-keys',
      summary: 'Make an API key of a service account; the key itself is answered this once',
      guard: tenantPermission('api-keys.manage'),
      stepUp: true,
      limit: 'account',
      input: { params: ofService, body: keyWish },
      output: json(madeKeySchema, 201),
      audit: ['api_key.create'],
      run: (ctx, { params: { serviceAccountId }, body }) =>
        issue(ctx, body, { kind: 'service', accountId: serviceAccountId }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/service-accounts/:serviceAccountId',
      summary: 'End a service account with all its keys',
      guard: tenantPermission('api-keys.manage'),
      limit: 'account',
      input: { params: ofService },
      output: empty,
      audit: ['service_account.delete'],
      run: (ctx, { params: { serviceAccountId } }) => deleteServiceAccount(ctx, serviceAccountId),
    }),
  ];
}

export function presentKey(
  { clock }: RequestContext,
  { paused, ...key }: KeyRow,
): z.input<typeof keySchema> {
  const expired = key.expiresAt.getTime() <= clock.now().getTime();
  const going = paused ? ('paused' as const) : ('active' as const);
  const ended = expired ? ('expired' as const) : going;
  return {
    ...key,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    state: key.revokedAt ? 'revoked' : ended,
  };
}

function presentService(account: ServiceAccountView): z.input<typeof serviceSchema> {
  return { ...account, createdAt: account.createdAt.toISOString() };
}
