import { z } from 'zod';
import { empty, endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import { time } from '../account-schema.ts';
import type { IdentityParts } from '../parts.ts';
import { reviewAccess, signReview } from './review-access.ts';

const params = z.strictObject({ tenantId: z.uuid() });
const guard = tenantPermission('access.manage');
const limit = 'account';
const entry = z.object({
  kind: z.enum(['person', 'service account', 'API key', 'visit']),
  name: z.string(),
  email: z.string(),
  state: z.string(),
  role: z.string(),
  level: z.int().nullable(),
  customRoles: z.array(z.string()),
  groups: z.array(z.string()),
  permissions: z.array(z.string()),
  secondFactor: z.boolean().nullable(),
  source: z.string(),
  lastSeen: z.string().nullable(),
  expiresAt: z.string().nullable(),
});

/** Reviews of access: who has what, and that somebody found it right. */
export function reviewRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/access-review',
      summary: 'Who has what in the tenant, as JSON and as CSV, and who found it right when',
      guard,
      limit,
      input: { params },
      output: json(
        z.object({
          entries: z.array(entry),
          csv: z.string(),
          digest: z.string(),
          reviews: z.array(
            z.object({
              reviewer: z.string(),
              reviewedAt: time,
              note: z.string(),
              entries: z.int(),
              current: z.boolean(),
            }),
          ),
        }),
      ),
      audit: ['access_review.export'],
      run: (ctx, { params: { tenantId } }) => reviewAccess(ctx, parts, tenantId),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/access-review',
      summary: 'Keep that one found right what the review shows',
      guard,
      stepUp: true,
      limit,
      input: {
        params,
        body: z.strictObject({
          digest: z.string().regex(/^[0-9a-f]{64}$/, 'is no digest of a review'),
          note: z.string().trim().max(500).default(''),
        }),
      },
      output: empty,
      audit: ['access_review.sign'],
      run: (ctx, { params: { tenantId }, body }) => signReview(ctx, parts, { tenantId, ...body }),
    }),
  ];
}
