import { z } from 'zod';
import { empty, endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import { tenantRole } from '../account-schema.ts';
import type { IdentityParts } from '../parts.ts';
import { letIn, listAsking, shutOut } from './let-in.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofConnection = z.strictObject({ tenantId: z.uuid(), connectionId: z.uuid() });
const guard = tenantPermission('sign-in.manage');
const changing = { limit: 'account', stepUp: true } as const;

const asking = z.object({
  id: z.uuid(),
  kind: z.enum(['oidc', 'saml', 'ldap']),
  name: z.string(),
  hosts: z.array(z.string()),
  domains: z.array(z.string()),
  justInTime: z.boolean(),
  /** What its groups give in this tenant. */
  mappings: z.array(z.object({ group: z.string(), role: tenantRole })),
  terms: z.string(),
  /** `changed`: the tenant let something else in. */
  state: z.enum(['asks', 'let_in', 'changed']),
});

/** The word of a tenant for connections of the platform: without it they open nothing of it. */
export function letInRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/platform-connections',
      summary: 'The connections of the platform, and what each would give in the tenant',
      guard,
      limit: 'account',
      input: { params: ofTenant },
      output: json(z.object({ connections: z.array(asking) })),
      audit: null,
      run: async (ctx, { params }) => ({ connections: await listAsking(ctx, params.tenantId) }),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/platform-connections/:connectionId',
      summary: 'Let a connection of the platform into the tenant, as it was shown',
      guard,
      ...changing,
      input: {
        params: ofConnection,
        body: z.strictObject({ terms: z.string().regex(/^[0-9a-f]{64}$/) }),
      },
      output: empty,
      audit: ['connection.let_in'],
      run: (ctx, { params, body }) => letIn(ctx, { ...params, ...body }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/platform-connections/:connectionId',
      summary: 'Let nobody in by a connection of the platform any more',
      guard,
      ...changing,
      input: { params: ofConnection },
      output: empty,
      audit: ['connection.shut_out'],
      run: (ctx, { params }) => shutOut(ctx, parts, params),
    }),
  ];
}
