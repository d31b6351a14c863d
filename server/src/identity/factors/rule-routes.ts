import { z } from 'zod';
import { empty, endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { readFactorRule, setFactorRule } from './tenant-rule.ts';

const params = z.strictObject({ tenantId: z.uuid() });
const guard = tenantPermission('sign-in.manage');
const limit = 'account';

/** Of whom a tenant demands a second factor, for its administrators. */
export function factorRuleRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/second-factors',
      summary: 'Whether everybody of the tenant needs a second factor',
      guard,
      limit,
      input: { params },
      output: json(
        z.object({ everyone: z.boolean(), byPlatform: z.boolean(), trusted: z.boolean() }),
      ),
      audit: null,
      run: (ctx, { params: { tenantId } }) => readFactorRule(ctx, parts, tenantId),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/second-factors',
      summary:
        'Demand a second factor of everybody in the tenant, or of those alone whose role needs one',
      guard,
      stepUp: true,
      limit,
      input: { params, body: z.strictObject({ everyone: z.boolean() }) },
      output: empty,
      audit: ['factor_rule.update'],
      run: (ctx, { params: { tenantId }, body }) =>
        setFactorRule(ctx, parts, { tenantId, ...body }),
    }),
  ];
}
