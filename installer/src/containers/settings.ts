import { Fault } from '../fault.ts';

/** How a container is set up; paths and names, never a secret. */
export type ContainerSettings = {
  hostName: string;
  /** tls.crt, tls.key and ca.crt of this part; without it the part listens on its socket alone. */
  tlsDir: string | null;
  memoryMib: number;
  maxConnections: number;
  rotatorPasswordFile: string;
  sealKeyFile: string;
  database: { host: string; port: number; caFile: string | null };
  /** A socket's path, or `https://host:port#/path/of/the/authority`. */
  vault: string;
  /** Where a role of the key service is bound to a service account of the cluster. */
  kubernetes: { namespace: string; tokenFile: string; accounts: Record<string, string> } | null;
  /** This node of the key service, its host name for the others, and all of them. */
  raft: { node: string; host: string; peers: readonly string[] } | null;
  publicPort: number;
};

type Env = Readonly<Record<string, string | undefined>>;

export function readSettings(env: Env): ContainerSettings {
  const text = (name: string, otherwise: string): string => env[name] || otherwise;
  const number = (name: string, otherwise: number): number => {
    const value = Number(text(name, String(otherwise)));
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new Fault(`${name} must be a whole number above zero`, { code: 'usage' });
  };
  const list = (name: string): string[] => text(name, '').split(',').filter(Boolean);
  const vaultAddress = text('CASEMATE_VAULT_ADDR', '');
  return {
    hostName: text('CASEMATE_HOST_NAME', 'localhost'),
    tlsDir: env['CASEMATE_TLS_DIR'] || null,
    memoryMib: number('CASEMATE_MEMORY_MIB', 4096),
    maxConnections: number('CASEMATE_DATABASE_CONNECTIONS', 100),
    rotatorPasswordFile: text('CASEMATE_ROTATOR_PASSWORD_FILE', '/run/secrets/rotator-password'),
    sealKeyFile: text('CASEMATE_SEAL_KEY_FILE', '/run/secrets/seal-key'),
    database: {
      host: text('CASEMATE_DATABASE_HOST', '/run/postgresql'),
      port: number('CASEMATE_DATABASE_PORT', 5432),
      caFile: env['CASEMATE_DATABASE_CA_FILE'] || null,
    },
    vault: vaultAddress
      ? `${vaultAddress}#${text('CASEMATE_VAULT_CA_FILE', '')}`
      : text('CASEMATE_VAULT_SOCKET', '/run/openbao/bao.sock'),
    kubernetes: kubernetesOf(env),
    raft: env['CASEMATE_RAFT_NODE']
      ? {
          node: env['CASEMATE_RAFT_NODE'],
          host: text('CASEMATE_RAFT_HOST', ''),
          peers: list('CASEMATE_RAFT_PEERS'),
        }
      : null,
    publicPort: number('CASEMATE_HTTPS_PORT', 8443),
  };
}

/** `server=casemate-server,operator=casemate-setup`: role of the key service → service account. */
function kubernetesOf(env: Env): ContainerSettings['kubernetes'] {
  const namespace = env['CASEMATE_KUBERNETES_NAMESPACE'];
  if (!namespace) return null;
  const pairs = (env['CASEMATE_SERVICE_ACCOUNTS'] ?? '').split(',').filter(Boolean);
  return {
    namespace,
    tokenFile: env['CASEMATE_VAULT_KUBERNETES_TOKEN_FILE'] || '/var/run/secrets/openbao/token',
    accounts: Object.fromEntries(
      pairs.map((pair) => pair.split('=')).map(([role = '', account = '']) => [role, account]),
    ),
  };
}
