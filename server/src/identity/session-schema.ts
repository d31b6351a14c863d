import { z } from 'zod';
import { allowedTo } from '../access/index.ts';
import type { RequestContext, TenantStanding } from '../platform/index.ts';
import type { rememberDevice } from './device-cookie.ts';
import type { Membership } from './repo.ts';

export const accountSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  platformRole: z.literal('super_admin').nullable(),
});

export const tenantsSchema = z.array(
  z.object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(['member', 'reviewer', 'admin', 'visitor']),
    state: z.string(),
    tier: z.enum(['standard', 'sealed']),
    /** 0 to 100. With what follows from it the dashboard hides what would be refused, no more. */
    level: z.int(),
    permissions: z.array(z.string()),
    features: z.array(z.string()),
    /** Of a visitor of the platform. */
    visitEndsAt: z.iso.datetime().nullable(),
  }),
);

type Seen = Omit<Membership, 'standing'> & { standing: TenantStanding };

export type TenantView = z.input<typeof tenantsSchema>[number];

export function viewTenant({ standing, ...tenant }: Seen): TenantView {
  const { role, level, visit } = standing;
  const visitEndsAt = visit?.endsAt.toISOString() ?? null;
  return { ...tenant, role, level, visitEndsAt, ...allowedTo(standing) };
}

/** `due`: before anything else a second factor is shown, or, where there is none, made. */
export const secondFactorSchema = z.object({
  due: z.boolean(),
  required: z.boolean(),
  enrolled: z.boolean(),
});

export const sessionSchema = z.object({
  accessToken: z.string(),
  expiresAt: z.iso.datetime(),
  account: accountSchema,
  tenants: tenantsSchema,
  secondFactor: secondFactorSchema,
});

/** The browser in which somebody signs in, as device-cookie.ts knows it. */
export function deviceOf(
  { platform, clock }: RequestContext,
  email: string,
): Parameters<typeof rememberDevice>[2] {
  return { pepper: platform.pepper, email, now: clock.now().getTime() };
}
