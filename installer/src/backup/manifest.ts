import type { BackupPlan } from './plan.ts';

/** One backup: what its parts are called in the repositories, and what was seen when it was made. */
export type BackupManifest = {
  format: 1;
  id: string;
  instance: string;
  version: string;
  startedAt: string;
  madeAt: string;
  /** Without the seal key in escrow a backup is none that a lost host comes back from. */
  complete: boolean;
  missing: string[];
  database: {
    snapshot: string;
    bytes: number;
    version: string;
    /** Where the hashes were taken: recovery stops exactly here. Null when no quiet moment was found. */
    restorePoint: string | null;
    /** The log that it needs, up to the point; absent in manifests of earlier versions. */
    log?: { history: string; first: string; last: string };
  };
  files: { snapshot: string; bytes: number; count: number };
  keys: { snapshot: string; sealKey: string };
  contents: { snapshot: string };
  tenants: number;
  /** What the instance's paths were, for the paths inside the snapshots. */
  layout: { configDir: string; serverDataDir: string };
  /** How the instance was backed up, so that a restored one goes on like that. */
  plan: BackupPlan;
  /** Numbers of the service accounts there; another host may have given them others. */
  accounts: Record<string, { uid: number; gid: number }>;
};

/** Hashes, kept apart from the manifest because they are long. */
export type BackupContents = {
  tables: TableHash[];
  /** Path below its root → SHA-256. */
  files: { root: 'config' | 'server'; path: string; sha256: string }[];
};

/** `rows` and two sums over the first 128 bits of the SHA-256 of each row: order does not matter. */
export type TableHash = { table: string; rows: number; sums: string };

export const backupId = (now: Date, random: string): string =>
  `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${random}`;
