import { z } from 'zod';
import { AppError } from '../../platform/index.ts';
import { tenantRole } from '../account-schema.ts';
import { ldapSettings } from './ldap/ldap-settings.ts';
import { samlSettings } from './saml/saml-settings.ts';

const claim = z.string().trim().min(1).max(100);
const words = z.array(z.string().trim().min(1).max(200)).max(20);

/** The address by which a provider calls itself (OpenID Connect Discovery 1.0, 2): it is compared exactly. */
const issuer = z
  .url({ protocol: /^https$/ })
  .max(500)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { username, password, search, hash } = new URL(text);
    return username + password + search + hash === '';
  }, 'must be an https address without a user, a query or a fragment');

export const oidcSettings = z.strictObject({
  issuer,
  /** The name under which the provider knows this appliance (`client_id`). */
  client: z.string().trim().min(1).max(300),
  /** Asked for besides `openid email profile`. */
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))
    .max(10)
    .default([]),
  /** The claim that lists the groups. */
  groupsClaim: claim.default('groups'),
  /** The provider's own second factor counts where it says one of these (`amr`, `acr`); none: ours is asked. */
  trustedAmr: words.default([]),
  trustedAcr: words.default([]),
});
export type OidcSettings = z.output<typeof oidcSettings>;

/** Each kind of connection with what it needs to know of its directory, without secrets. */
const SETTINGS = { oidc: oidcSettings, saml: samlSettings, ldap: ldapSettings } as const;
export const connectionKind = z.enum(['oidc', 'saml', 'ldap']);
export const connectionSettings = z.union(Object.values(SETTINGS));

/** Throws invalid_input for settings of another kind. */
export function settingsOf(
  kind: z.output<typeof connectionKind>,
  settings: z.output<typeof connectionSettings>,
): z.output<typeof connectionSettings> {
  const parsed = SETTINGS[kind].safeParse(settings);
  if (parsed.success) return parsed.data;
  const message = `are not those of a connection of kind ${kind}`;
  throw new AppError('invalid_input', `The settings ${message}`, {
    fields: [{ path: 'body.settings', message }],
  });
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
export const emailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`), 'must be a domain such as example.com');

const group = z.string().trim().min(1).max(300);
export const tenantMapping = z.strictObject({ group, role: tenantRole });
export const platformMapping = z.strictObject({ group, role: tenantRole, tenantId: z.uuid() });
