import { z } from 'zod';
import { tenantRole, time } from '../account-schema.ts';
import { samlView } from './saml/present-saml.ts';
import {
  connectionKind,
  connectionSettings,
  emailDomain,
  platformMapping,
  tenantMapping,
} from './settings.ts';

const shared = {
  kind: connectionKind,
  settings: connectionSettings,
  name: z.string().trim().min(1).max(80),
  /** Left out, it stays as it is. It never comes back. */
  secret: z.string().min(1).max(1_000).optional(),
  domains: z.array(emailDomain).max(50),
  justInTime: z.boolean(),
};
const tenantShared = {
  ...shared,
  mappings: z.array(tenantMapping).max(200),
  defaultRole: tenantRole.nullable(),
};
/** Of the platform: a group names the tenant too, and nobody gets a role without one. */
const platformShared = {
  ...shared,
  mappings: z.array(platformMapping).max(1_000),
};

export const tenantWish = z.strictObject(tenantShared);
export const platformWish = z.strictObject(platformShared);

const kind = z.enum(['oidc', 'saml', 'ldap']);
const state = z.enum(['draft', 'active', 'off']);

export const connectionView = z.object({
  id: z.uuid(),
  kind,
  name: z.string(),
  state,
  settings: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  domains: z.array(z.string()),
  mappings: z.array(z.object({ group: z.string(), tenantId: z.string(), role: tenantRole })),
  defaultRole: tenantRole.nullable(),
  justInTime: z.boolean(),
  updatedAt: time,
  /** False when somebody else wrote it: it opens nothing until it is saved anew. */
  sound: z.boolean(),
  /** Hosts that whoever runs the appliance has not listed. */
  unlisted: z.array(z.string()),
  saml: samlView.nullable(),
});
export const connectionsView = z.object({
  connections: z.array(connectionView),
  /** What the provider must know of this appliance. */
  redirectUri: z.string(),
  backChannelUri: z.string(),
});

export const dryRun = z.strictObject({
  email: z.email().max(254).nullable(),
  emailVouched: z.boolean(),
  groups: z.array(z.string().max(300)).max(200),
});
export const decisionView = z.object({
  outcome: z.enum(['admitted', 'refused']),
  refusal: z
    .enum([
      'email_not_vouched',
      'domain_not_owned',
      'not_invited',
      'no_role',
      'confirm_first',
      'account_ended',
      'account_distrusted',
    ])
    .nullable(),
  account: z.enum(['linked', 'link', 'activate', 'create']).nullable(),
  changes: z.array(
    z.object({
      tenantId: z.string(),
      from: tenantRole.nullable(),
      role: tenantRole.nullable(),
    }),
  ),
  matched: z.array(z.string()),
  keptAdminOf: z.array(z.string()),
});

export const domainView = z.object({
  id: z.uuid(),
  domain: z.string(),
  record: z.object({ name: z.string(), text: z.string() }),
  proven: z.boolean(),
  provenBy: z.enum(['dns', 'administrator']).nullable(),
  createdAt: time,
});
export const claimView = z.object({
  id: z.uuid(),
  domain: z.string(),
  tenantId: z.uuid(),
  tenant: z.string(),
  createdAt: time,
});
export const rulesView = z.object({
  ssoOnly: z.boolean(),
  breakGlass: z.uuid().nullable(),
  /** False when somebody else wrote them: they shut every password out until they are saved anew. */
  sound: z.boolean(),
  /** Whether the emergency account could come in. */
  emergency: z.boolean(),
});
