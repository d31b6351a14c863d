import type { InstallerRole, VaultRole } from '../instance/paths.ts';

type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo' | 'deny';
type Rule = { path: string; can: readonly Capability[]; wrapped?: boolean };

// Instead of the `default` policy, which also opens the cubbyhole, tools and identity endpoints.
const ownToken: Rule[] = [
  { path: 'auth/token/lookup-self', can: ['read'] },
  { path: 'auth/token/renew-self', can: ['update'] },
  { path: 'auth/token/revoke-self', can: ['update'] },
];

const useKeys = (name: string): Rule[] =>
  ['encrypt', 'decrypt', 'rewrap', 'datakey/plaintext', 'datakey/wrapped'].map((operation) => ({
    path: `transit/${operation}/${name}`,
    can: ['update'],
  }));

const proof: Rule[] = [
  { path: 'transit/hmac/tenant-proof', can: ['update'] },
  { path: 'transit/hmac/tenant-proof/+', can: ['update'] },
];

const rules: Record<VaultRole | InstallerRole, Rule[]> = {
  server: [
    ...ownToken,
    ...useKeys('tenant-*'),
    ...useKeys('platform'),
    { path: 'transit/sign/token-signing', can: ['update'] },
    { path: 'transit/sign/token-signing/+', can: ['update'] },
    { path: 'transit/keys/token-signing', can: ['read'] },
    // Signs what `casemate verify` and the trust page found.
    { path: 'transit/sign/evidence-signing', can: ['update'] },
    { path: 'transit/keys/evidence-signing', can: ['read'] },
    ...proof,
    { path: 'kv/data/database/server', can: ['read'] },
  ],
  provisioner: [
    ...ownToken,
    { path: 'transit/keys/tenant-*', can: ['create', 'update', 'read', 'delete'] },
    // Its name begins like a tenant's key; losing it would lock every tenant out.
    { path: 'transit/keys/tenant-proof', can: ['deny'] },
    { path: 'transit/keys/tenant-proof/*', can: ['deny'] },
    { path: 'transit/datakey/wrapped/tenant-*', can: ['update'] },
    ...proof,
    { path: 'kv/data/database/provisioner', can: ['read'] },
  ],
  migrator: [...ownToken, ...proof, { path: 'kv/data/database/migrator', can: ['read'] }],
  issuer: [
    { path: 'auth/token/revoke-self', can: ['update'] },
    ...(['server', 'provisioner', 'migrator'] as const).map((role): Rule => ({
      path: `auth/approle/role/${role}/secret-id`,
      can: ['update'],
      wrapped: true,
    })),
  ],
  operator: [
    ...ownToken,
    // Writes the database passwords, and can't read them back.
    { path: 'kv/data/database/*', can: ['create', 'update'] },
    { path: 'sys/policies/acl', can: ['list'] },
    { path: 'sys/policies/acl/casemate-*', can: ['create', 'read', 'update', 'delete'] },
    { path: 'auth/approle/role', can: ['list'] },
    { path: 'auth/approle/role/+', can: ['create', 'read', 'update', 'delete'] },
    { path: 'auth/approle/role/+/role-id', can: ['read', 'update'] },
    { path: 'sys/mounts', can: ['read'] },
    { path: 'sys/mounts/transit', can: ['read', 'update'] },
    { path: 'sys/mounts/kv', can: ['read', 'update'] },
    { path: 'sys/mounts/casemate-*', can: ['create', 'read', 'update'] },
    { path: 'transit/config/keys', can: ['read', 'update'] },
    { path: 'transit/keys', can: ['list'] },
    // Makes the appliance's own keys when an upgrade brings one; it can't use, change or rotate any.
    ...['platform', 'token-signing', 'tenant-proof', 'evidence-signing'].map((name): Rule => ({
      path: `transit/keys/${name}`,
      can: ['create', 'update'],
    })),
    // Removes a password from kv once the database engine has replaced it.
    { path: 'kv/metadata/database/*', can: ['read', 'list', 'delete'] },
    { path: 'casemate-database/config/casemate', can: ['create', 'read', 'update'] },
    { path: 'casemate-database/rotate-root/casemate', can: ['update'] },
    { path: 'casemate-database/static-roles', can: ['list'] },
    { path: 'casemate-database/static-roles/casemate_*', can: ['create', 'read', 'update'] },
    { path: 'casemate-database/rotate-role/casemate_*', can: ['update'] },
    { path: 'casemate-pki/config/ca', can: ['create', 'update'] },
    { path: 'casemate-pki/config/issuers', can: ['read'] },
    { path: 'casemate-pki/cert/ca', can: ['read'] },
    { path: 'casemate-pki/issuers', can: ['list'] },
    { path: 'casemate-pki/keys', can: ['list'] },
    { path: 'casemate-pki/roles/+', can: ['create', 'read', 'update'] },
    { path: 'casemate-pki/sign/+', can: ['update'] },
    { path: 'sys/audit', can: ['read', 'sudo'] },
    { path: 'sys/storage/raft/snapshot', can: ['read'] },
  ],
};

/** Roles of AppRole and their policies, `casemate-<role>`, as OpenBao's policy text. */
export const policies = Object.fromEntries(
  Object.entries(rules).map(([role, list]) => [role, list.map(ruleText).join('\n')]),
) as Record<VaultRole | InstallerRole, string>;

function ruleText(rule: Rule): string {
  const capabilities = rule.can.map((name) => `"${name}"`).join(', ');
  const wrapping = rule.wrapped ? ' min_wrapping_ttl = "1s" max_wrapping_ttl = "600s"' : '';
  return `path "${rule.path}" { capabilities = [${capabilities}]${wrapping} }`;
}
