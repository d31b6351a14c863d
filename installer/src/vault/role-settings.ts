import type { InstallerRole, VaultRole } from '../instance/paths.ts';
import type { HclValue } from './hcl.ts';

export type KeyServiceRole = VaultRole | InstallerRole;

/** Those of running programs: each start gets a secret-id of its own. */
export const serviceRoles = ['server', 'provisioner', 'migrator'] as const;
/** Those of the installer, whose credentials lie in files of root (or the owner). */
export const installerRoles = ['issuer', 'operator'] as const;

/** Lifetimes of what the roles get. A service's secret-id works once, within ten minutes. */
export const roleSettings: Record<KeyServiceRole, { readonly [key: string]: HclValue }> = {
  server: serviceRole('server'),
  provisioner: serviceRole('provisioner'),
  migrator: serviceRole('migrator'),
  issuer: installerRole('issuer', '2m'),
  operator: installerRole('operator', '15m'),
};

function serviceRole(role: VaultRole) {
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

function installerRole(role: InstallerRole, tokenTtl: string) {
  return {
    token_policies: [`casemate-${role}`],
    token_no_default_policy: true,
    bind_secret_id: true,
    token_ttl: tokenTtl,
    token_max_ttl: tokenTtl,
  };
}
