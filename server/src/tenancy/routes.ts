import { z } from 'zod';
import {
  AppError,
  authenticated,
  endpoint,
  json,
  platformPermission,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { createTenant } from './create-tenant.ts';
import { deleteTenant } from './delete-tenant.ts';
import { listTenantPage } from './list-tenant-page.ts';
import { tenantNameSchema } from './policy.ts';
import { renameTenant } from './rename-tenant.ts';
import { findTenant } from './repo/tenants.ts';
import { retryTenant } from './retry-tenant.ts';
import { language, present, tenantPageSchema, tenantSchema, tenantState, tier } from './schema.ts';
import { resumeTenant, suspendTenant } from './suspend-tenant.ts';

const params = z.strictObject({ tenantId: z.uuid() });

export type JoinTenant = (
  ctx: RequestContext,
  membership: { tenantId: string; role: 'admin' },
) => Promise<void>;
export type SeesTenant = (ctx: RequestContext, tenantId: string) => Promise<boolean>;

/** The identity room knows memberships; `app` hands the two questions down. */
export function tenancyRoutes(people: { join: JoinTenant; sees: SeesTenant }): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants',
      summary: 'List the tenants of the appliance by name, a page at a time',
      guard: platformPermission('tenants.read'),
      limit: 'account',
      input: {
        query: z.strictObject({
          search: z.string().trim().max(120).default(''),
          state: tenantState.optional(),
          after: z.string().max(800).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      output: json(tenantPageSchema),
      audit: null,
      run: (ctx, { query }) => listTenantPage(ctx, query),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants',
      summary: 'Create a tenant; it is usable once its state is active',
      guard: platformPermission('tenants.create'),
      limit: 'account',
      input: {
        body: z.strictObject({
          name: tenantNameSchema,
          language: language.default('en'),
          tier: tier.default('standard'),
          joinAs: z.literal('admin').nullable().default(null),
        }),
      },
      output: json(tenantSchema, 202),
      audit: ['tenant.create', 'membership.create'],
      run: async (ctx, { body }) => {
        const tenant = await createTenant(ctx, body);
        if (body.joinAs !== null)
          await people.join(ctx, { tenantId: tenant.id, role: body.joinAs });
        return present(tenant);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId',
      summary: 'One tenant, for its members and for platform administrators',
      guard: authenticated,
      limit: 'account',
      input: { params },
      output: json(tenantSchema),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => {
        const tenant = await ctx.inControl((tx) => findTenant(tx, tenantId));
        const allowed =
          ctx.actor.platformRole === 'super_admin' || (await people.sees(ctx, tenantId));
        if (!tenant || !allowed) throw new AppError('not_found', 'No such tenant');
        return present(tenant);
      },
    }),
    ...changes,
  ];
}

const changes: readonly Endpoint[] = [
  endpoint({
    method: 'patch',
    path: '/api/tenants/:tenantId',
    summary: 'Rename a tenant',
    guard: platformPermission('tenants.update'),
    limit: 'account',
    input: { params, body: z.strictObject({ name: tenantNameSchema }) },
    output: json(tenantSchema),
    audit: ['tenant.rename'],
    run: async (ctx, { params: { tenantId }, body }) =>
      present(await renameTenant(ctx, tenantId, body.name)),
  }),
  endpoint({
    method: 'post',
    path: '/api/tenants/:tenantId/suspend',
    summary: 'Close a tenant to its people; its data stays',
    guard: platformPermission('tenants.update'),
    limit: 'account',
    input: { params },
    output: json(tenantSchema),
    audit: ['tenant.suspend'],
    run: async (ctx, { params: { tenantId } }) => present(await suspendTenant(ctx, tenantId)),
  }),
  endpoint({
    method: 'post',
    path: '/api/tenants/:tenantId/resume',
    summary: 'Open a suspended tenant again',
    guard: platformPermission('tenants.update'),
    limit: 'account',
    input: { params },
    output: json(tenantSchema),
    audit: ['tenant.resume'],
    run: async (ctx, { params: { tenantId } }) => present(await resumeTenant(ctx, tenantId)),
  }),
  endpoint({
    method: 'post',
    path: '/api/tenants/:tenantId/retry',
    summary: 'Build a tenant once more that could not be built',
    guard: platformPermission('tenants.create'),
    limit: 'account',
    input: { params },
    output: json(tenantSchema, 202),
    audit: ['tenant.retry'],
    run: async (ctx, { params: { tenantId } }) => present(await retryTenant(ctx, tenantId)),
  }),
  endpoint({
    method: 'delete',
    path: '/api/tenants/:tenantId',
    summary: 'Delete a tenant with its key; its name must be given',
    guard: platformPermission('tenants.delete'),
    limit: 'account',
    input: { params, query: z.strictObject({ name: z.string().max(500) }) },
    output: json(tenantSchema, 202),
    audit: ['tenant.delete'],
    run: async (ctx, { params: { tenantId }, query }) =>
      present(await deleteTenant(ctx, tenantId, query.name)),
  }),
];
