import type { InstallerRole } from '../instance/paths.ts';
import { authMethods, mounts, policyOf, roles, settings, transitKeys } from './desired-state.ts';
import { hclBlock, hclFields } from './hcl.ts';
import type { HclValue } from './hcl.ts';
import { roleSettings, type KeyServiceRole } from './role-settings.ts';

export type SelfInit = {
  roleIds: Record<KeyServiceRole, string>;
  /** Files with the secret-ids of the two installer roles; read once, then removed. */
  secretIdFiles: Record<InstallerRole, string>;
};

export type InitRequest = {
  name: string;
  path: string;
  data: { readonly [key: string]: HclValue };
};

/**
 * The `initialize` block: what OpenBao does once, on empty storage, with a root token that it
 * never shows and revokes at the end; `more` is asked last. Source: openbao.org/docs/configuration/self-init.
 */
export function selfInitConfig(init: SelfInit, more: readonly InitRequest[] = []): string {
  const blocks = [...requests(init), ...more].map((request) =>
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

/** The desired state, as the requests that make it. */
function requests(init: SelfInit): InitRequest[] {
  return [
    ...mounts.map(({ path, data }) => ({
      name: `mount-${path}`,
      path: `sys/mounts/${path}`,
      data,
    })),
    ...authMethods.map(({ path, data }) => ({
      name: `auth-${path}`,
      path: `sys/auth/${path}`,
      data,
    })),
    ...transitKeys.map(({ name, data }) => ({
      name: `key-${name}`,
      path: `transit/keys/${name}`,
      data,
    })),
    ...settings.map(({ path, data }, index) => ({ name: `setting-${index + 1}`, path, data })),
    ...roles.flatMap((role) => [
      { name: `policy-${role}`, path: `sys/policies/acl/casemate-${role}`, data: policyOf(role) },
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
