import { z } from 'zod';
import { endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import { time } from '../account-schema.ts';
import { keyWish, madeKeySchema, presentKey, keySchema } from '../api-keys/routes.ts';
import type { IdentityParts } from '../parts.ts';
import { makeToken, readSetUp } from './set-up.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const limit = 'account';

/** How a tenant's administrators connect their directory, and what it has said. */
export function scimSetUpRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/scim',
      summary: 'Where a directory speaks to this server, with which tokens, and what came',
      guard: tenantPermission('team.manage'),
      limit,
      input: { params: ofTenant },
      output: json(
        z.object({
          baseUrl: z.string(),
          tokens: z.array(keySchema),
          counts: z.object({ users: z.int(), active: z.int(), groups: z.int() }),
          arrivals: z.array(
            z.object({
              userName: z.string(),
              standing: z.enum(['member', 'invited', 'ended']),
              at: time,
            }),
          ),
        }),
      ),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => {
        const { tokens, ...seen } = await readSetUp(ctx, tenantId);
        return { ...seen, tokens: tokens.map((token) => presentKey(ctx, token)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/scim/tokens',
      summary: 'Make a token for a directory; the token itself is answered this once',
      guard: tenantPermission('api-keys.manage'),
      stepUp: true,
      limit,
      input: { params: ofTenant, body: keyWish.omit({ scopes: true }) },
      output: json(madeKeySchema, 201),
      audit: ['service_account.create', 'api_key.create'],
      run: async (ctx, { body }) => {
        const { key, ...row } = await makeToken(ctx, parts, body);
        return { ...presentKey(ctx, row), key };
      },
    }),
  ];
}
