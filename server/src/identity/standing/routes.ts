import { z } from 'zod';
import { FEATURE_NAMES, GRANTABLE } from '../../access/index.ts';
import { empty, endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import { level, time } from '../account-schema.ts';
import type { IdentityParts } from '../parts.ts';
import {
  changeCustomRole,
  createCustomRole,
  deleteCustomRole,
  listCustomRoles,
} from './custom-roles.ts';
import { listFeatureLevels, setFeatureLevels } from './feature-levels.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofRole = z.strictObject({ tenantId: z.uuid(), roleId: z.uuid() });
const guard = tenantPermission('access.manage');
const limit = 'account';

const composed = z.strictObject({
  name: z.string().trim().min(1).max(60),
  permissions: z.array(z.enum(GRANTABLE)).min(1).max(GRANTABLE.length),
});
const customRole = z.object({
  id: z.uuid(),
  name: z.string(),
  permissions: z.array(z.string()),
  members: z.int(),
  changedAt: time,
  trusted: z.boolean(),
});
const featureLevels = z.object({
  features: z.array(
    z.object({
      name: z.enum(FEATURE_NAMES),
      title: z.string(),
      usual: z.int(),
      needed: z.int().nullable(),
    }),
  ),
  highest: z.int(),
  usual: z.int(),
});

/** What features need, and custom roles: for the administrators of a tenant. */
export function standingRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/levels',
      summary: 'The access level that each feature needs in the tenant',
      guard,
      limit,
      input: { params: ofTenant },
      output: json(featureLevels),
      audit: null,
      run: (ctx, { params: { tenantId } }) => listFeatureLevels(ctx, parts, tenantId),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/levels',
      summary: 'Set the access levels that features need; one that is not named has its usual one',
      guard,
      stepUp: true,
      limit,
      input: {
        params: ofTenant,
        body: z.strictObject({
          minimum: z.strictObject({
            documents: level.optional(),
            upload: level.optional(),
            search: level.optional(),
            chat: level.optional(),
            'api-keys': level.optional(),
          }),
        }),
      },
      output: empty,
      audit: ['feature_levels.update'],
      run: (ctx, { params: { tenantId }, body: { minimum } }) =>
        setFeatureLevels(ctx, parts, { tenantId, minimum: withoutGaps(minimum) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/roles',
      summary: 'The custom roles of the tenant, and what one can be composed of',
      guard,
      limit,
      input: { params: ofTenant },
      output: json(z.object({ roles: z.array(customRole), permissions: z.array(z.string()) })),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => ({
        roles: await listCustomRoles(ctx, parts, tenantId),
        permissions: GRANTABLE,
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/roles',
      summary: 'Compose a custom role of permissions that one has',
      guard,
      stepUp: true,
      limit,
      input: { params: ofTenant, body: composed },
      output: json(customRole, 201),
      audit: ['custom_role.create'],
      run: (ctx, { params: { tenantId }, body }) =>
        createCustomRole(ctx, parts, { tenantId, ...body }),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/roles/:roleId',
      summary: 'Compose a custom role anew, for everybody who has it',
      guard,
      stepUp: true,
      limit,
      input: { params: ofRole, body: composed },
      output: empty,
      audit: ['custom_role.update'],
      run: (ctx, { params: { tenantId, roleId }, body }) =>
        changeCustomRole(ctx, parts, { tenantId, id: roleId, ...body }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/roles/:roleId',
      summary: 'Delete a custom role, and take it from everybody who has it',
      guard,
      limit,
      stepUp: true,
      input: { params: ofRole },
      output: empty,
      audit: ['custom_role.delete'],
      run: (ctx, { params: { tenantId, roleId } }) =>
        deleteCustomRole(ctx, parts, { tenantId, id: roleId }),
    }),
  ];
}

/** Without the features that were not named. */
function withoutGaps<K extends string>(
  minimum: Partial<Record<K, number | undefined>>,
): Partial<Record<K, number>> {
  return Object.fromEntries(
    Object.entries(minimum).filter(([, value]) => value !== undefined),
  ) as Partial<Record<K, number>>;
}
