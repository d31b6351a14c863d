import { z } from 'zod';
import { HIGHEST_LEVEL } from '../access/index.ts';

export const email = z.email('must be an e-mail address').max(254);
export const linkToken = z.string().regex(/^[\w-]{43}$/, 'is no one-time token');
export const personName = z.string().trim().min(1).max(120);
export const tenantRole = z.enum(['member', 'reviewer', 'admin']);
export const level = z.int().min(0).max(HIGHEST_LEVEL);
/** A time of the database, as JSON has it. */
export const time = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.iso.datetime(),
);

export const invited = z.object({
  id: z.uuid(),
  expiresAt: time,
  /** To be handed over; null where the mail relay carries it. */
  link: z.string().nullable(),
});
export const openInvitation = z.object({
  id: z.uuid(),
  email: z.string(),
  tenant: z.string().nullable(),
  role: z.string(),
  expiresAt: time,
  mail: z.enum(['none', 'waiting', 'sent', 'failed']),
});
/** What a group gives to each of its members. */
const given = {
  role: tenantRole.nullable(),
  level: z.int().nullable(),
  customRoles: z.array(z.uuid()),
};
export const teamMember = z.object({
  accountId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: tenantRole,
  level: z.int(),
  customRoles: z.array(z.uuid()),
  state: z.string(),
  secondFactor: z.enum(['none', 'phone', 'enough']),
  you: z.boolean(),
  since: time,
  /** What is given to them alone; null for the usual level. */
  own: z.object({ role: tenantRole, level: z.int().nullable(), customRoles: z.array(z.uuid()) }),
  groups: z.array(z.object({ id: z.uuid(), name: z.string(), ...given })),
});
export const person = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  state: z.enum(['invited', 'active', 'deactivated', 'erased']),
  platformRole: z.literal('super_admin').nullable(),
  verifiedBy: z.string().nullable(),
  tenants: z.int(),
  createdAt: time,
  trusted: z.boolean(),
});
export const device = z.object({
  id: z.uuid(),
  createdAt: time,
  lastUsedAt: time,
  endsAt: time,
  /** What a browser says it is, or what its person calls the phone. */
  userAgent: z.string().nullable(),
  client: z.enum(['browser', 'mobile']),
  current: z.boolean(),
});
export const resetLink = z.object({ url: z.string(), expiresAt: time });
export const invitationView = z.object({
  email: z.string(),
  tenant: z.string().nullable(),
  role: z.string(),
  expiresAt: time,
  hasAccount: z.boolean(),
});
const groupFields = {
  id: z.uuid(),
  name: z.string(),
  source: z.enum(['local', 'scim', 'ldap', 'oidc', 'saml']),
  externalId: z.string().nullable(),
  ...given,
  members: z.int(),
  createdAt: time,
  updatedAt: time,
  /** False when somebody else wrote the row: it gives nothing (docs/groups.md). */
  trusted: z.boolean(),
};
export const group = z.object(groupFields);
export const groupWithMembers = z.object({
  ...groupFields,
  people: z.array(
    z.object({
      accountId: z.uuid(),
      name: z.string(),
      email: z.string(),
      state: z.string(),
      since: time,
    }),
  ),
});
