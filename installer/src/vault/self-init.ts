import type { InstallerRole, VaultRole } from '../instance/paths.ts';
import { hclBlock, hclFields } from './hcl.ts';
import type { HclValue } from './hcl.ts';
import { policies } from './policies.ts';

type Role = VaultRole | InstallerRole;

export type SelfInit = {
  roleIds: Record<Role, string>;
  /** Files with the secret-ids of the two installer roles; read once, then removed. */
  secretIdFiles: Record<InstallerRole, string>;
};

type Request = { name: string; path: string; data: { readonly [key: string]: HclValue } };

/** Lifetimes of what the roles get. A service's secret-id works once, within ten minutes. */
const roleSettings: Record<Role, { readonly [key: string]: HclValue }> = {
  server: serviceRole('server'),
  provisioner: serviceRole('provisioner'),
  migrator: serviceRole('migrator'),
  issuer: installerRole('issuer', '2m'),
  operator: installerRole('operator', '15m'),
};

function serviceRole(role: Role) {
  return {
    token_policies: [`casemate-${role}`],
    token_no_default_policy: true,
    bind_secret_id: true,
    secret_id_num_uses: 1,
    secret_id_ttl: '10m',
    token_ttl: '1h',
    token_max_ttl: '24h',
  };
}

function installerRole(role: Role, tokenTtl: string) {
  return {
    token_policies: [`casemate-${role}`],
    token_no_default_policy: true,
    bind_secret_id: true,
    token_ttl: tokenTtl,
    token_max_ttl: tokenTtl,
  };
}

/**
 * The `initialize` block: what OpenBao does once, on empty storage, with a root token that it
 * never shows and revokes at the end. Source: openbao.org/docs/configuration/self-init.
 */
export function selfInitConfig(init: SelfInit): string {
  const blocks = requests(init).map((request) =>
    hclBlock(
      'request',
      [request.name],
      hclFields({
        operation: 'update',
        path: request.path,
        data: request.data,
      }),
    ),
  );
  return `${hclBlock('initialize', ['casemate'], blocks)}\n`;
}

function requests(init: SelfInit): Request[] {
  const roles = Object.keys(roleSettings) as Role[];
  return [
    { name: 'mount-transit', path: 'sys/mounts/transit', data: { type: 'transit' } },
    { name: 'mount-kv', path: 'sys/mounts/kv', data: { type: 'kv', options: { version: '2' } } },
    { name: 'enable-approle', path: 'sys/auth/approle', data: { type: 'approle' } },
    ...keys,
    // Last of the keys: from here on `encrypt` can't create one by accident.
    { name: 'disable-upsert', path: 'transit/config/keys', data: { disable_upsert: true } },
    ...roles.flatMap((role) => [
      {
        name: `policy-${role}`,
        path: `sys/policies/acl/casemate-${role}`,
        data: { policy: policies[role] },
      },
      { name: `role-${role}`, path: `auth/approle/role/${role}`, data: roleSettings[role] },
      {
        name: `role-id-${role}`,
        path: `auth/approle/role/${role}/role-id`,
        data: { role_id: init.roleIds[role] },
      },
    ]),
    ...Object.entries(init.secretIdFiles).map(([role, file]) => ({
      name: `secret-id-${role}`,
      path: `auth/approle/role/${role}/custom-secret-id`,
      data: { secret_id: { eval_source: 'file', eval_type: 'string', path: file } },
    })),
  ];
}

const keys: Request[] = [
  {
    name: 'key-platform',
    path: 'transit/keys/platform',
    data: { type: 'aes256-gcm96', derived: true },
  },
  { name: 'key-token-signing', path: 'transit/keys/token-signing', data: { type: 'rsa-3072' } },
  {
    name: 'key-tenant-proof',
    path: 'transit/keys/tenant-proof',
    data: { type: 'hmac', key_size: 32 },
  },
];
