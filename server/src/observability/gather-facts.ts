import { X509Certificate } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { readBackupStatus, type ControlTx, type Platform } from '../platform/index.ts';
import { countLockouts, countTenants, readJobs } from './repo.ts';
import type { Facts } from './state-gauges.ts';

/** What other rooms know; `app` joins them. Each may reject: then nobody could say. */
export type Sources = {
  /** Part → whether it answers. */
  readonly parts: () => Promise<Readonly<Record<string, boolean>>>;
  readonly keyServiceSealed: () => Promise<boolean>;
  /** Kinds of secrets by state of their age. */
  readonly secrets: () => Promise<Readonly<Record<string, number>>>;
  /** Of the last verification of this version: controls by status, and which of them fail. */
  readonly controls: () => Promise<{
    readonly byStatus: Readonly<Record<string, number>>;
    readonly failing: readonly string[];
  } | null>;
  /** Whether the last egress report is clean; null without one. */
  readonly egress: () => Promise<boolean | null>;
};

/** Controls that say whether the audit log is whole. */
const AUDIT_CONTROLS = ['AUD-02', 'AUD-05'];

/** Looks at everything once; what does not answer is null, and hides nothing else. */
export async function gatherFacts(platform: Platform, sources: Sources): Promise<Facts> {
  const { config, clock, db } = platform;
  const control = <T>(work: (tx: ControlTx) => Promise<T>) => orNull(db.readControl(work));
  const [
    parts,
    sealed,
    disk,
    logDisk,
    ends,
    jobs,
    lockouts,
    tenants,
    controls,
    egress,
    secrets,
    backup,
  ] = await Promise.all([
    orNull(sources.parts()),
    orNull(sources.keyServiceSealed()),
    orNull(freeRatio(config.CASEMATE_DATA_DIR)),
    orNull(freeRatio(config.CASEMATE_LOG_DIR)),
    orNull(certificateEnd(config.CASEMATE_TLS_CERT_FILE)),
    control(readJobs),
    control(countLockouts),
    control(countTenants),
    orNull(sources.controls()),
    orNull(sources.egress()),
    orNull(sources.secrets()),
    orNull(lastBackup(config.CASEMATE_BACKUP_STATUS_FILE)),
  ]);
  const now = clock.now().getTime();
  const seconds = (at: Date): number => Math.round((at.getTime() - now) / 1000);
  return {
    parts,
    keyServiceSealed: sealed,
    diskFreeRatio: disk,
    logDiskFreeRatio: logDisk,
    certificateSeconds: ends && seconds(ends),
    jobs,
    lockouts,
    tenants,
    controls: controls?.byStatus ?? null,
    auditChainBroken: controls && controls.failing.some((id) => AUDIT_CONTROLS.includes(id)),
    egressSilent: egress,
    secrets,
    backupSeconds: backup && -seconds(backup),
  };
}

const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);

async function freeRatio(dir: string | undefined): Promise<number | null> {
  if (dir === undefined) return null;
  const { bavail, blocks } = await statfs(dir);
  return Number((bavail / blocks).toFixed(4));
}

async function certificateEnd(file: string): Promise<Date> {
  return new Date(new X509Certificate(await readFile(file)).validTo);
}

/** Null where no backup is set up, or none has succeeded. */
async function lastBackup(file: string | undefined): Promise<Date | null> {
  const succeededAt = (await readBackupStatus(file))?.succeededAt;
  return succeededAt === undefined ? null : new Date(succeededAt);
}
