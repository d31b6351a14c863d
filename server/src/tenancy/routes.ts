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
import { findTenant, type Tenant } from './repo/tenants.ts';
import { retryTenant } from './retry-tenant.ts';
import type { NamedCustodian } from './seal/custodians.ts';
import { language, present, tenantPageSchema, tenantSchema, tenantState, tier } from './schema.ts';
import { resumeTenant, suspendTenant } from './suspend-tenant.ts';

const params = z.strictObject({ tenantId: z.uuid() });

export type JoinTenant = (
  ctx: RequestContext,
  membership: { tenantId: string; role: 'admin'; person?: NamedCustodian },
) => Promise<void>;
export type SeesTenant = (ctx: RequestContext, tenantId: string) => Promise<boolean>;
export type FindPerson = (
  ctx: RequestContext,
  email: string,
) => Promise<NamedCustodian | undefined>;

type People = { join: JoinTenant; sees: SeesTenant; find: FindPerson };

/** The identity room knows people and memberships; `app` hands the questions down. */
export function tenancyRoutes(people: People): readonly Endpoint[] {
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
          /** The e-mail of who takes the key shares of a tenant of the sealed tier. */
          custodian: z.email().max(254).nullable().default(null),
        }),
      },
      output: json(tenantSchema, 202),
      audit: ['tenant.create', 'membership.create'],
      run: async (ctx, { body }) => {
        const custodian = await custodianOf(ctx, people, body);
        const tenant = await createTenant(ctx, { ...body, custodian });
        const { id: tenantId } = tenant;
        if (custodian) await people.join(ctx, { tenantId, role: 'admin', person: custodian });
        if (body.joinAs !== null) await people.join(ctx, { tenantId, role: body.joinAs });
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

/** Of a tenant that shall hold its own seal: the person, who must be known here already. */
async function custodianOf(
  ctx: RequestContext,
  people: People,
  { tier: wanted, custodian: email }: { tier: Tenant['tier']; custodian: string | null },
): Promise<NamedCustodian | undefined> {
  const refuse = (message: string): never => {
    const fields = [{ path: 'custodian', message }];
    throw new AppError('invalid_input', `body.custodian: ${message}`, { fields });
  };
  if (wanted === 'standard')
    return email === null ? undefined : refuse('only a tenant that holds its own seal has one');
  if (email === null) return refuse('name by e-mail who alone takes the key shares of this tenant');
  return (await people.find(ctx, email)) ?? refuse('nobody here has this e-mail');
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
    stepUp: true,
    limit: 'account',
    input: { params, query: z.strictObject({ name: z.string().max(500) }) },
    output: json(tenantSchema, 202),
    audit: ['tenant.delete'],
    run: async (ctx, { params: { tenantId }, query }) =>
      present(await deleteTenant(ctx, tenantId, query.name)),
  }),
];
