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
  /** Two audit devices: requests are refused when neither can be written. */
  auditFiles: readonly [string, string];
};

/**
 * OpenBao's configuration. Clients reach it through the Unix socket only. Raft, the one storage
 * that is durable on a single host, refuses to start without a TCP listener; so there is one on a
 * loopback port of the kernel's choice that drops every connection: it accepts the PROXY protocol
 * from a documentation address (RFC 5737) and denies the rest. Raft's own port, also on loopback,
 * speaks mutual TLS with certificates that never leave the process.
 */
export function vaultServerConfig(config: VaultServerConfig): string {
  const blocks = [
    hclBlock(
      'storage',
      ['raft'],
      hclFields({
        path: config.storageDir,
        node_id: 'casemate',
        performance_multiplier: '1',
      }),
    ),
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
    hclBlock(
      'listener',
      ['tcp'],
      hclFields({
        address: '127.0.0.1:0',
        cluster_address: '127.0.0.1:0',
        tls_disable: true,
        proxy_protocol_behavior: 'deny_unauthorized',
        proxy_protocol_authorized_addrs: '192.0.2.1',
      }),
    ),
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
        ['file', `audit-${index + 1}`],
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
      api_addr: `unix://${config.socketPath}`,
      cluster_addr: 'https://127.0.0.1:0',
      ui: false,
      log_level: 'info',
      log_format: 'json',
    }),
  ];
  return `${blocks.join('\n')}\n`;
}
