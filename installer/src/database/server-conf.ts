export type DatabaseConf = {
  socketDir: string;
  port: number;
  /** Name of the group that may open the socket; null: the owner alone. */
  socketGroup: string | null;
  /** Of the host; a quarter of what is left beside the model goes to shared buffers. */
  hostMemoryMiB: number;
  maxConnections: number;
  /** Where segments of the log go while backups are on; without it nothing is ever archived. */
  walSpoolDir?: string;
  /** Only for throw-away databases: trades durability for speed. */
  throwAway?: boolean;
};

/**
 * postgresql.conf: reached through its Unix socket only, durable, sized for a host that also runs
 * the model. What is not named here stays at PostgreSQL's default.
 */
export function databaseConf(conf: DatabaseConf): string {
  const settings: Record<string, string | number | boolean> = {
    listen_addresses: '',
    port: conf.port,
    unix_socket_directories: conf.socketDir,
    unix_socket_permissions: conf.socketGroup ? '0770' : '0700',
    ...(conf.socketGroup ? { unix_socket_group: conf.socketGroup } : {}),
    max_connections: conf.maxConnections,
    password_encryption: 'scram-sha-256',
    ...memory(conf.hostMemoryMiB),
    shared_preload_libraries: 'pg_stat_statements',
    // A password in ALTER ROLE would otherwise be kept in the view.
    'pg_stat_statements.track_utility': false,
    wal_compression: 'on',
    max_wal_size: '2GB',
    checkpoint_completion_target: 0.9,
    random_page_cost: 1.1,
    jit: false,
    log_destination: 'stderr',
    logging_collector: false,
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_timezone: 'UTC',
    timezone: 'UTC',
    // Statements carry personal data as parameters: never in the log.
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_lock_waits: true,
    idle_in_transaction_session_timeout: '60s',
    ...archive(conf.walSpoolDir),
    ...(conf.throwAway ? { fsync: false, synchronous_commit: false, full_page_writes: false } : {}),
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name} = ${confValue(value)}`)
    .join('\n')}\n`;
}

/**
 * Ready to archive without a restart: `casemate backup schedule` takes the command away and names the
 * library (see backup/wal-archive.ts). Until then every segment counts as archived and is recycled.
 */
function archive(walSpoolDir: string | undefined): Record<string, string> {
  if (walSpoolDir === undefined) return {};
  return {
    archive_mode: 'on',
    archive_command: '/bin/true',
    'basic_archive.archive_directory': walSpoolDir,
  };
}

function memory(hostMiB: number) {
  const shared = Math.max(128, Math.min(2048, Math.floor(hostMiB / 16)));
  return {
    shared_buffers: `${shared}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(hostMiB / 4))}MB`,
    work_mem: '8MB',
    maintenance_work_mem: `${Math.max(64, Math.min(512, Math.floor(hostMiB / 32)))}MB`,
  };
}

function confValue(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

export type ClientRules = {
  /** Accounts of the operating system that may be the superuser through the socket. */
  superuserAccounts: readonly string[];
  /** 'casemate' on an installed host; 'all' where tests clone databases. */
  databases: string;
};

/** pg_hba.conf: the superuser by its operating-system account, all else by SCRAM, no TCP. */
export function clientRules(rules: ClientRules): string {
  return [
    'local all postgres peer map=superuser',
    'local replication postgres peer map=superuser',
    `local ${rules.databases} all scram-sha-256`,
    'local all all reject',
    '',
  ].join('\n');
}

/** pg_ident.conf */
export function identMap(rules: ClientRules): string {
  return rules.superuserAccounts.map((name) => `superuser "${name}" postgres\n`).join('');
}
