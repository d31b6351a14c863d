import { z } from 'zod';
import type { Tenant } from './repo/tenants.ts';

export const language = z.enum(['en', 'de', 'no', 'es', 'fr', 'simple']);
export const tenantState = z.enum([
  'provisioning',
  'active',
  'suspended',
  'failed',
  'dropping',
  'dropped',
]);

export const tenantSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  language,
  state: tenantState,
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

export function present(tenant: Tenant): z.input<typeof tenantSchema> {
  const { id, name, language: spoken, state, error, createdAt } = tenant;
  return { id, name, language: spoken, state, error, createdAt: createdAt.toISOString() };
}
