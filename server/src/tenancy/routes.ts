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
import { findTenant, listTenants, type Tenant } from './repo/tenants.ts';

const language = z.enum(['en', 'de', 'no', 'es', 'fr', 'simple']);

const tenantSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  language,
  state: z.enum(['provisioning', 'active', 'suspended', 'failed', 'dropping', 'dropped']),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

function present(tenant: Tenant): z.input<typeof tenantSchema> {
  const { id, name, language: spoken, state, error, createdAt } = tenant;
  return { id, name, language: spoken, state, error, createdAt: createdAt.toISOString() };
}

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
      summary: 'List all tenants of the appliance',
      guard: platformPermission('tenants.read'),
      limit: 'account',
      input: {},
      output: json(z.object({ items: z.array(tenantSchema) })),
      audit: null,
      run: async (ctx) => ({ items: (await ctx.inControl(listTenants)).map(present) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants',
      summary: 'Create a tenant; it is usable once its state is active',
      guard: platformPermission('tenants.create'),
      limit: 'account',
      input: {
        body: z.strictObject({
          name: z.string().trim().min(1).max(120),
          language: language.default('en'),
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
      input: { params: z.strictObject({ tenantId: z.uuid() }) },
      output: json(tenantSchema),
      audit: null,
      run: async (ctx, { params }) => {
        const tenant = await ctx.inControl((tx) => findTenant(tx, params.tenantId));
        const allowed =
          ctx.actor.platformRole === 'super_admin' || (await people.sees(ctx, params.tenantId));
        if (!tenant || !allowed) throw new AppError('not_found', 'No such tenant');
        return present(tenant);
      },
    }),
  ];
}
