import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import type { Peer } from '../egress/peer.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from './layout.ts';
import type { MonitoringSettings } from './monitoring-settings.ts';
import type { SmsSettings } from './sms-settings.ts';
import { instancePaths } from './paths.ts';

export type InstalledComponent = {
  version: string;
  dir: string;
  sha256: string;
  executables: Record<string, string>;
};

/** instance.json: what was decided for this instance. It holds no secret. */
export type InstanceSettings = {
  format: 1;
  instance: string;
  hostName: string;
  bindAddress: string;
  httpsPort: number;
  /** 0: no listener that redirects to HTTPS. */
  httpPort: number;
  /** On a loopback of Ollama's own; on that of the host where the host allows no such thing. */
  ollamaPort: number;
  databasePort: number;
  /** Origins whose pages may call the API, and proxies whose headers are believed; see docs/edges.md. */
  corsOrigins?: string;
  trustedProxies?: string;
  /** `NAME=VALUE; NAME=VALUE`; see docs/limits.md. */
  limits?: string;
  /** What the operator said of the storage where it can't be seen. */
  storageEncryption?: 'confirmed' | 'without';
  /** Whom the services may reach outside this host; absent: nobody. See docs/egress.md. */
  egress?: { open?: true; peers: Peer[] };
  monitoring?: MonitoringSettings;
  sms?: SmsSettings;
  cacheDir: string;
  components: Record<string, InstalledComponent>;
  /** The built server; null until it is installed. */
  server: { version: string; checksum: string; dir: string } | null;
  /** Of the bundle that it came from; absent after an installation from a checkout. */
  release?: ShippedRelease;
};

/** Tells builds of one version apart, and what was only a default; see upgrade/merge-settings.ts. */
export type ShippedRelease = {
  version: string;
  released: string;
  defaults: Record<string, string | number>;
};

export async function findSettings(layout: InstanceLayout): Promise<InstanceSettings | undefined> {
  const file = instancePaths(layout).instanceFile;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as InstanceSettings;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const denied = code === 'EACCES';
    throw new Fault(`The settings of the instance can't be read: ${file}`, {
      why: denied ? 'They belong to another account.' : (cause as Error).message,
      next: denied ? 'Run the command as root.' : 'Restore the file, or install again.',
      code: denied ? 'permission' : 'failed',
      cause,
    });
  }
}

export async function getSettings(layout: InstanceLayout): Promise<InstanceSettings> {
  const settings = await findSettings(layout);
  if (settings) return settings;
  throw new Fault(`There is no instance "${layout.instance}" here`, {
    why: `${instancePaths(layout).instanceFile} does not exist.`,
    next: 'Run `casemate install`, or name the instance with --instance or --data-dir.',
    code: 'notInstalled',
  });
}

export async function saveSettings(layout: InstanceLayout, settings: InstanceSettings) {
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await writeFileAtomically(instancePaths(layout).instanceFile, text, { mode: 0o644 });
}
