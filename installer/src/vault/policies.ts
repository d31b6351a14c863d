import type { InstallerRole, VaultRole } from '../instance/paths.ts';

type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo' | 'deny';
type Rule = {
  path: string;
  can: readonly Capability[];
  wrapped?: boolean;
  /** The only parameters that may be given. */
  only?: readonly string[];
};

// Instead of the `default` policy, which also opens the cubbyhole, tools and identity endpoints.
const ownToken: Rule[] = [
  { path: 'auth/token/lookup-self', can: ['read'] },
  { path: 'auth/token/renew-self', can: ['update'] },
  { path: 'auth/token/revoke-self', can: ['update'] },
];

/** Opens data keys; wraps none, so that whoever holds its token can't make one that looks like ours. */
const openKeys = (name: string): Rule[] => [
  { path: `transit/decrypt/${name}`, can: ['update'] },
  { path: `transit/keys/${name}`, can: ['read'] },
];

/** Makes, rotates and re-wraps data keys without ever seeing one. */
const wrapKeys = (name: string): Rule[] => [
  { path: `transit/datakey/wrapped/${name}`, can: ['update'] },
  { path: `transit/rewrap/${name}`, can: ['update'] },
];

/** Where the ledger of deletions ends, so that a restored key service is seen to be behind. */
const ledgerMarker = 'kv/data/ledger/+';

/** Neither `exportable` nor `allow_plaintext_backup`, at the making or later. */
const tenantKeySettings = ['type', 'derived', 'deletion_allowed', 'min_decryption_version'];

const proof: Rule[] = [
  { path: 'transit/hmac/tenant-proof', can: ['update'] },
  { path: 'transit/hmac/tenant-proof/+', can: ['update'] },
];

/** The engine draws the passwords; kv holds them only where it can't manage the database. */
const databasePassword = (role: VaultRole): Rule[] => [
  { path: `casemate-database/static-creds/casemate_${role}`, can: ['read'] },
  { path: `kv/data/database/${role}`, can: ['read'] },
  { path: `kv/metadata/database/${role}`, can: ['read'] },
];

/** When each secret was made; none of these answers holds one. */
const rotationDates: Rule[] = [
  { path: 'casemate-database/static-roles', can: ['list'] },
  { path: 'casemate-database/static-roles/casemate_*', can: ['read'] },
  { path: 'transit/keys/token-signing', can: ['read'] },
  { path: 'kv/data/rotation/*', can: ['read'] },
  { path: 'sys/key-status', can: ['read'] },
];

// A tenant that holds its own seal has its keys in a namespace of its own, under the same names.
const sealedTenants = {
  use: [
    // As of the platform's own: it opens data keys and wraps none.
    { path: '+/transit/decrypt/+', can: ['update'] },
    { path: '+/transit/hmac/tenant-proof/+', can: ['update'] },
    // Ages and versions, for the inventory and its live checks; never a key.
    { path: '+/transit/keys/+', can: ['read'] },
  ] satisfies Rule[],
  openAndSeal: [
    { path: 'sys/namespaces/+/seal-status', can: ['read'] },
    { path: 'sys/namespaces/+/unseal', can: ['update'] },
    { path: 'sys/namespaces/+/seal', can: ['update'] },
  ] satisfies Rule[],
  // Makes a namespace, which is sealed from its first moment, and destroys it, sealed or not.
  make: [
    { path: 'sys/namespaces', can: ['list'] },
    { path: 'sys/namespaces/', can: ['list'] },
    { path: 'sys/namespaces/+', can: ['create', 'update', 'read', 'delete'] },
    { path: 'sys/namespaces/+/seal-status', can: ['read'] },
    { path: 'sys/namespaces/+/delete-sealed', can: ['delete', 'sudo'] },
    { path: '+/sys/mounts/transit', can: ['create', 'update'] },
    {
      path: '+/transit/keys/+',
      can: ['create', 'update', 'read'],
      only: [...tenantKeySettings, 'key_size'],
    },
    { path: '+/transit/keys/+/rotate', can: ['update'] },
    { path: '+/transit/keys/+/config', can: ['update'], only: tenantKeySettings },
    { path: '+/transit/datakey/wrapped/+', can: ['update'] },
    { path: '+/transit/rewrap/+', can: ['update'] },
    { path: '+/transit/hmac/tenant-proof/+', can: ['update'] },
  ] satisfies Rule[],
};

const rules: Record<VaultRole | InstallerRole, Rule[]> = {
  server: [
    ...ownToken,
    ...openKeys('tenant-*'),
    ...openKeys('platform'),
    { path: 'transit/decrypt/tenant-proof', can: ['deny'] },
    { path: ledgerMarker, can: ['read'] },
    { path: 'transit/sign/token-signing', can: ['update'] },
    { path: 'transit/sign/token-signing/+', can: ['update'] },
    // Asked once a start, for the pepper of tokens and links.
    { path: 'transit/hmac/token-pepper/sha2-256', can: ['update'] },
    // Signs what `casemate verify` and the trust page found.
    { path: 'transit/sign/evidence-signing', can: ['update'] },
    { path: 'transit/keys/evidence-signing', can: ['read'] },
    ...proof,
    ...databasePassword('server'),
    { path: 'casemate-database/static-creds/casemate_server_*', can: ['read'] },
    ...rotationDates,
    ...sealedTenants.use,
    ...sealedTenants.openAndSeal,
  ],
  provisioner: [
    ...ownToken,
    {
      path: 'transit/keys/tenant-*',
      can: ['create', 'update', 'read', 'delete'],
      only: tenantKeySettings,
    },
    // Its name begins like a tenant's key; losing it would lock every tenant out.
    { path: 'transit/keys/tenant-proof', can: ['deny'] },
    { path: 'transit/keys/tenant-proof/*', can: ['deny'] },
    ...wrapKeys('tenant-*'),
    ...wrapKeys('platform'),
    { path: 'transit/keys', can: ['list'] },
    { path: 'transit/keys/platform', can: ['read'] },
    { path: 'transit/keys/platform/rotate', can: ['update'] },
    { path: 'transit/keys/platform/config', can: ['update'], only: ['min_decryption_version'] },
    { path: ledgerMarker, can: ['create', 'update', 'read'] },
    ...proof,
    ...databasePassword('provisioner'),
    ...rotationDates,
    ...sealedTenants.make,
    // Rotates what it can't read or use: passwords, and the key that signs tokens.
    { path: 'casemate-database/rotate-role/casemate_*', can: ['update'] },
    { path: 'casemate-database/rotate-root/casemate', can: ['update'] },
    { path: 'transit/keys/token-signing/rotate', can: ['update'] },
    {
      path: 'transit/keys/token-signing/config',
      can: ['update'],
      only: ['min_decryption_version', 'min_encryption_version'],
    },
    { path: 'transit/keys/token-signing/trim', can: ['update'] },
  ],
  migrator: [
    ...ownToken,
    ...proof,
    { path: '+/transit/hmac/tenant-proof/+', can: ['update'] },
    ...databasePassword('migrator'),
  ],
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
    // Where the engine can't manage the database; it can't read them back.
    { path: 'kv/data/database/*', can: ['create', 'update'] },
    // When the secrets outside the key service were made; none of them itself.
    { path: 'kv/data/rotation/*', can: ['create', 'update', 'read'] },
    { path: 'kv/metadata/rotation/*', can: ['read', 'list'] },
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
    ...['platform', 'token-signing', 'tenant-proof', 'token-pepper', 'evidence-signing'].map(
      (name): Rule => ({
        path: `transit/keys/${name}`,
        can: ['create', 'update'],
      }),
    ),
    // Removes a password from kv once the database engine has replaced it.
    { path: 'kv/metadata/database/*', can: ['read', 'list', 'delete'] },
    { path: 'sys/policies/password/casemate-*', can: ['create', 'read', 'update'] },
    { path: 'casemate-database/config/casemate', can: ['create', 'read', 'update'] },
    { path: 'casemate-database/rotate-root/casemate', can: ['update'] },
    { path: 'casemate-database/static-roles', can: ['list'] },
    { path: 'casemate-database/static-roles/casemate_*', can: ['create', 'read', 'update'] },
    // After a restore the database knows other passwords than the engine; it still sees none.
    { path: 'casemate-database/rotate-role/casemate_*', can: ['update'] },
    { path: 'casemate-pki/config/ca', can: ['create', 'update'] },
    { path: 'casemate-pki/config/issuers', can: ['read'] },
    { path: 'casemate-pki/cert/ca', can: ['read'] },
    { path: 'casemate-pki/issuers', can: ['list'] },
    { path: 'casemate-pki/keys', can: ['list'] },
    { path: 'casemate-pki/roles/+', can: ['create', 'read', 'update'] },
    { path: 'casemate-pki/sign/+', can: ['update'] },
    // Wraps the root key anew when the seal key changes; nothing is shown of either.
    { path: 'sys/rotate/root', can: ['update', 'sudo'] },
    { path: 'sys/rotate/keyring', can: ['update', 'sudo'] },
    // Renews the two credentials of the installer itself, and destroys the old ones.
    ...(['issuer', 'operator'] as const).flatMap((role): Rule[] => [
      { path: `auth/approle/role/${role}/custom-secret-id`, can: ['update'] },
      { path: `auth/approle/role/${role}/secret-id`, can: ['list'] },
      { path: `auth/approle/role/${role}/secret-id-accessor/destroy`, can: ['update'] },
    ]),
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
  const only = rule.only
    ? ` allowed_parameters = { ${rule.only.map((name) => `"${name}" = []`).join(' ')} }`
    : '';
  return `path "${rule.path}" { capabilities = [${capabilities}]${wrapping}${only} }`;
}
