import { roleSettings, type KeyServiceRole } from '../../vault/role-settings.ts';
import type { InitRequest } from '../../vault/self-init.ts';
import type { ContainerSettings } from '../settings.ts';

/** Whom the tokens of service accounts are made for; one that was made for another is refused. */
export const TOKEN_AUDIENCE = 'openbao';

/**
 * Lets programs of the cluster sign in as their service accounts: the key service asks the cluster
 * whether a token is good, and no credential of ours lies anywhere.
 */
export function kubernetesRequests({ kubernetes }: ContainerSettings): InitRequest[] {
  if (!kubernetes) return [];
  const roles = Object.entries(kubernetes.accounts) as [KeyServiceRole, string][];
  return [
    { name: 'auth-kubernetes', path: 'sys/auth/kubernetes', data: { type: 'kubernetes' } },
    {
      name: 'kubernetes-config',
      path: 'auth/kubernetes/config',
      data: { kubernetes_host: 'https://kubernetes.default.svc' },
    },
    ...roles.map(([role, account]) => ({
      name: `kubernetes-role-${role}`,
      path: `auth/kubernetes/role/${role}`,
      data: {
        bound_service_account_names: [account],
        bound_service_account_namespaces: [kubernetes.namespace],
        audience: TOKEN_AUDIENCE,
        token_policies: [`casemate-${role}`],
        token_no_default_policy: true,
        token_ttl: roleSettings[role]['token_ttl'] ?? '1h',
        token_max_ttl: roleSettings[role]['token_max_ttl'] ?? '24h',
      },
    })),
  ];
}
