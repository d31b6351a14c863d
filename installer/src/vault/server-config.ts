import { hclBlock, hclFields } from './hcl.ts';

/** `id` marks what the key has wrapped; OpenBao takes another key under a known id for a mistake. */
export type SealKey = { id: string; file: string };

/** During a rotation both: the current one wraps, the previous one still opens. */
export type SealKeys = { current: SealKey; previous?: SealKey };

export type VaultServerConfig = {
  socketPath: string;
  /** Owner and group of the socket, numeric; the group is that of the services. */
  socketOwner: { uid: number; gid: number };
  storageDir: string;
  seal: SealKeys;
  /**
   * How the devices are called: OpenBao takes another file under a known name for tampering, so an
   * instance that was restored to other directories has names of its own.
   */
  auditNames?: readonly [string, string] | undefined;
  /** Two audit devices: requests are refused when neither can be written. */
  auditFiles: readonly [string, string];
  /** Where other hosts reach it; without it nothing but the socket is open. */
  cluster?: VaultCluster;
};

export type VaultCluster = {
  node: string;
  /** Host name of this node for the others. */
  host: string;
  /** Holds tls.crt, tls.key and ca.crt. */
  tlsDir: string;
  /** Host names of the nodes to join; none while the first one initialises itself. */
  peers: readonly string[];
};

export const defaultAuditNames = ['audit-1', 'audit-2'] as const;

/**
 * OpenBao's configuration. Clients reach it through the Unix socket only. Raft, the one storage
 * that is durable on a single host, refuses to start without a TCP listener; so there is one on a
 * loopback port of the kernel's choice that drops every connection: it accepts the PROXY protocol
 * from a documentation address (RFC 5737) and denies the rest. Raft's own port, also on loopback,
 * speaks mutual TLS with certificates that never leave the process.
 */
export function vaultServerConfig(config: VaultServerConfig): string {
  const { cluster } = config;
  const blocks = [
    storageBlock(config),
    hclBlock(
      'listener',
      ['unix'],
      hclFields({
        address: config.socketPath,
        // OpenBao applies none of the three unless all are given.
        socket_mode: '0660',
        socket_user: String(config.socketOwner.uid),
        socket_group: String(config.socketOwner.gid),
      }),
    ),
    networkBlock(config.cluster),
    hclBlock(
      'seal',
      ['static'],
      hclFields({
        current_key_id: config.seal.current.id,
        current_key: `file://${config.seal.current.file}`,
        ...(config.seal.previous
          ? {
              previous_key_id: config.seal.previous.id,
              previous_key: `file://${config.seal.previous.file}`,
            }
          : {}),
      }),
    ),
    ...config.auditFiles.map((file, index) =>
      hclBlock(
        'audit',
        ['file', (config.auditNames ?? defaultAuditNames)[index] ?? ''],
        hclBlock(
          'options',
          [],
          hclFields({
            file_path: file,
            mode: '0600',
          }),
        ),
      ),
    ),
    ...hclFields({
      api_addr: cluster ? `https://${cluster.host}:8200` : `unix://${config.socketPath}`,
      cluster_addr: cluster ? `https://${cluster.host}:8201` : 'https://127.0.0.1:0',
      ui: false,
      log_level: 'info',
      log_format: 'json',
    }),
  ];
  return `${blocks.join('\n')}\n`;
}

function storageBlock({ storageDir, cluster }: VaultServerConfig): string {
  const joins = (cluster?.peers ?? []).map((host) =>
    hclBlock(
      'retry_join',
      [],
      hclFields({
        leader_api_addr: `https://${host}:8200`,
        leader_ca_cert_file: `${cluster?.tlsDir ?? ''}/ca.crt`,
        leader_tls_servername: host,
      }),
    ),
  );
  const fields = hclFields({
    path: storageDir,
    node_id: cluster?.node ?? 'casemate',
    performance_multiplier: '1',
  });
  return hclBlock('storage', ['raft'], [...fields, ...joins]);
}

function networkBlock(cluster: VaultCluster | undefined): string {
  const fields = cluster
    ? {
        address: '0.0.0.0:8200',
        cluster_address: '0.0.0.0:8201',
        tls_cert_file: `${cluster.tlsDir}/tls.crt`,
        tls_key_file: `${cluster.tlsDir}/tls.key`,
        tls_min_version: 'tls12',
      }
    : {
        address: '127.0.0.1:0',
        cluster_address: '127.0.0.1:0',
        tls_disable: true,
        proxy_protocol_behavior: 'deny_unauthorized',
        proxy_protocol_authorized_addrs: '192.0.2.1',
      };
  return hclBlock('listener', ['tcp'], hclFields(fields));
}
