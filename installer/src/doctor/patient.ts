import type { BackupSight } from '../backup/look-at-backups.ts';
import type { Account, AccountName } from '../host/accounts.ts';
import type { WayOut } from '../egress/try-way-out.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { Host } from '../preflight/host.ts';
import type { StorageStatement } from '../preflight/preflight-request.ts';
import type { ListedSecret } from '../rotation/rotation-table.ts';
import type { Leftover } from './list-leftovers.ts';
import type { ComponentStatus } from '../supervisor/component.ts';

/**
 * The instance that doctor looks at, and every question it may ask. Questions reject when nobody
 * answers; a check then says `unknown`. Tests give a patient of their own.
 */
export type Patient = {
  layout: InstanceLayout;
  paths: InstancePaths;
  settings: InstanceSettings & { storageEncryption?: StorageStatement };
  accounts: Partial<Record<AccountName, Account>>;
  host: Host;
  /** What this installer would install: component → version. */
  pinned: ReadonlyMap<string, string>;
  casemateVersion: string;
  listComponents: () => Promise<ComponentStatus[]>;
  /** As the superuser; unaligned rows. */
  sql: (text: string) => Promise<string>;
  get: (target: HttpTarget) => Promise<HttpAnswer>;
  getPendingMigrations: () => Promise<{ control: string[]; tenants: number }>;
  /** The inventory of secrets, as the server tells it. */
  listSecrets: () => Promise<ListedSecret[]>;
  /** When a file was last written; rejects when it is not there. */
  madeAt: (file: string) => Promise<Date>;
  /** Every file and directory below, symbolic links not followed; empty when it is not there. */
  listFiles: (dir: string) => Promise<FileFact[]>;
  findFile: (file: string) => Promise<FileFact | null>;
  listLeftovers: () => Promise<Leftover[]>;
  listProcesses: () => Promise<ProcessFact[]>;
  /** Tries to get out as every service account. */
  tryWayOut: () => Promise<WayOut>;
  /** Of the state on this host and of the repositories; null where no backups are planned. */
  lookAtBackups: () => Promise<BackupSight | null>;
};

export type HttpTarget =
  | { socketPath: string; path: string }
  | { url: string }
  /** TLS to the server itself, verified with the authority of the instance. */
  | { tls: { address: string; port: number; name: string; caFile: string }; path: string };

export type HttpAnswer = { status: number; location: string | null; body: unknown };

/** Mode holds the permission bits alone. */
export type FileFact = {
  path: string;
  kind: 'file' | 'directory' | 'link' | 'other';
  mode: number;
  uid: number;
  bytes: number;
};

export type ProcessFact = {
  pid: number;
  parent: number;
  name: string;
  /** Its arguments and, where this account may see it, its environment: to be searched, not shown. */
  text: string;
  /** The inodes of its sockets. */
  sockets: ReadonlySet<string>;
};
