import { z } from 'zod';
import {
  empty,
  endpoint,
  json,
  platformPermission,
  tenantPermission,
  type Endpoint,
} from '../../platform/index.ts';
import { time } from '../account-schema.ts';
import { askForVisit, changeVisitRule, decideVisit, endVisit } from './change-visits.ts';
import { listOpenVisits, listTenantVisits, listViews, listVisits } from './list-visits.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofTenantVisit = z.strictObject({ tenantId: z.uuid(), visitId: z.uuid() });
const ofVisit = z.strictObject({ visitId: z.uuid() });
const answer = z.strictObject({ approve: z.boolean() });
const visit = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  tenant: z.string(),
  visitor: z.string(),
  email: z.string(),
  own: z.boolean(),
  reason: z.string(),
  minutes: z.int(),
  phase: z.enum(['asked', 'refused', 'lapsed', 'open', 'over']),
  requestedAt: time,
  decidedAt: time.nullable(),
  decider: z.string().nullable(),
  expiresAt: time.nullable(),
  endedAt: time.nullable(),
  ender: z.string().nullable(),
});
const platform = platformPermission('visits.ask');
const decides = tenantPermission('visits.decide');
const limit = 'account';

/** Break-glass, from both sides. None of these can be used with an API key. */
export function visitRoutes(): readonly Endpoint[] {
  return [...platformSide(), ...tenantSide()];
}

function platformSide(): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/visits',
      summary: 'Visits to the content of tenants, asked for, open and over',
      guard: platform,
      limit,
      input: {},
      output: json(z.object({ visits: z.array(visit) })),
      audit: null,
      run: async (ctx) => ({ visits: await listVisits(ctx, null) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/visits',
      summary: 'Ask to look at the content of a tenant, with a reason and for some time',
      guard: platform,
      stepUp: true,
      limit,
      input: {
        body: z.strictObject({
          tenantId: z.uuid(),
          reason: z.string().trim().min(10).max(500),
          minutes: z.int().min(5).max(240),
        }),
      },
      output: json(z.object({ id: z.uuid() }), 201),
      audit: ['visit.request'],
      run: (ctx, { body }) => askForVisit(ctx, body),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/visits/:visitId/decision',
      summary: 'Approve or refuse somebody else’s visit, where the tenant lets the platform',
      guard: platform,
      stepUp: true,
      limit,
      input: { params: ofVisit, body: answer },
      output: empty,
      audit: ['visit.approve', 'visit.refuse'],
      run: (ctx, { params: { visitId }, body: { approve } }) =>
        decideVisit(ctx, { id: visitId, tenantId: null, approve }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/visits/:visitId/end',
      summary: 'End a visit, or take a request back',
      guard: platform,
      limit,
      input: { params: ofVisit },
      output: empty,
      audit: ['visit.end'],
      run: (ctx, { params: { visitId } }) => endVisit(ctx, { id: visitId, tenantId: null }),
    }),
  ];
}

function tenantSide(): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/visits',
      summary: 'Visits of the platform to the tenant, and who may approve them',
      guard: decides,
      limit,
      input: { params: ofTenant },
      output: json(z.object({ visits: z.array(visit), byPlatform: z.boolean() })),
      audit: null,
      run: (ctx, { params: { tenantId } }) => listTenantVisits(ctx, tenantId),
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/visits/open',
      summary: 'Who of the platform may look at the tenant now',
      guard: tenantPermission('tenant.read'),
      limit,
      input: { params: ofTenant },
      output: json(
        z.object({
          visits: z.array(
            z.object({ id: z.uuid(), visitor: z.string(), expiresAt: time, own: z.boolean() }),
          ),
        }),
      ),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => ({
        visits: await listOpenVisits(ctx, tenantId),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/visits/:visitId/views',
      summary: 'Everything that was looked at in a visit, a page at a time',
      guard: decides,
      limit,
      input: {
        params: ofTenantVisit,
        query: z.strictObject({ before: z.coerce.number().int().positive().optional() }),
      },
      output: json(
        z.object({
          views: z.array(
            z.object({ id: z.number(), at: time, route: z.string(), subject: z.string() }),
          ),
          next: z.number().nullable(),
        }),
      ),
      audit: null,
      run: (ctx, { params, query }) => listViews(ctx, { ...params, before: query.before ?? null }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/visits/:visitId/decision',
      summary: 'Approve or refuse a visit of the platform',
      guard: decides,
      stepUp: true,
      limit,
      input: { params: ofTenantVisit, body: answer },
      output: empty,
      audit: ['visit.approve', 'visit.refuse'],
      run: (ctx, { params: { tenantId, visitId }, body: { approve } }) =>
        decideVisit(ctx, { id: visitId, tenantId, approve }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/visits/:visitId/end',
      summary: 'End a visit of the platform at once',
      guard: decides,
      limit,
      input: { params: ofTenantVisit },
      output: empty,
      audit: ['visit.end'],
      run: (ctx, { params: { tenantId, visitId } }) => endVisit(ctx, { id: visitId, tenantId }),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/visit-rule',
      summary: 'Say whether a second person of the platform may approve visits',
      guard: decides,
      stepUp: true,
      limit,
      input: { params: ofTenant, body: z.strictObject({ byPlatform: z.boolean() }) },
      output: empty,
      audit: ['visit_rule.update'],
      run: (ctx, { params: { tenantId }, body: { byPlatform } }) =>
        changeVisitRule(ctx, { tenantId, byPlatform }),
    }),
  ];
}
