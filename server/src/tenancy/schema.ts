import { z } from 'zod';
import { tenantNameSchema } from './policy.ts';
import type { Tenant } from './repo/tenants.ts';

export const language = z.enum(['en', 'de', 'no', 'es', 'fr', 'simple']);
export const tenantState = z.enum([
  'provisioning',
  'active',
  'sealed',
  'suspended',
  'failed',
  'dropping',
  'dropped',
]);

/** One tenant of a list to create. */
export const tenantWishSchema = z.strictObject({
  name: tenantNameSchema,
  language: language.default('en'),
});
/** Of the sealed tier it holds its own seal: chosen when it is made, for good. */
export const tier = z.enum(['standard', 'sealed']);

export const tenantSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  language,
  state: tenantState,
  tier,
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

export const tenantPageSchema = z.object({
  items: z.array(tenantSchema),
  /** How many the search finds in all. */
  total: z.number().int(),
  /** Give it as `after` for the next page; null on the last one. */
  next: z.string().nullable(),
});

/** What is told of a tenant outside, and no more. */
export function present(tenant: Tenant): z.input<typeof tenantSchema> {
  return tenantSchema.parse({ ...tenant, createdAt: tenant.createdAt.toISOString() });
}
