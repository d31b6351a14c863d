import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { ensureDir, writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';
import type { Repositories } from './restic.ts';

/** Where backups go and how long they stay. It holds no secret. */
export type BackupPlan = {
  format: 1;
  target: string;
  /** Hours between two whole backups. */
  everyHours: number;
  /** Minutes between two pushes of the database's log: what a lost host loses at most. */
  logMinutes: number;
  retentionDays: number;
  /** Of the key service's snapshots: so long after its deletion the last key of a tenant dies. */
  keyRetentionDays: number;
  drillDays: number;
  /** What may wait on this host while the target is away; absent in plans of earlier versions. */
  spoolGiB?: number;
};

/** Who can open the backups, and what proves that a recovery record comes from this host. */
export type Recipient = { recipient: string; witness: string };

export type BackupContext = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  plan: BackupPlan;
  repositories: Repositories;
};

export const defaultPlan: Omit<BackupPlan, 'target'> = {
  format: 1,
  everyHours: 24,
  logMinutes: 15,
  retentionDays: 35,
  keyRetentionDays: 7,
  drillDays: 7,
  spoolGiB: 16,
};

export function backupFiles(layout: InstanceLayout) {
  const { backupConfigDir, backupDir } = instancePaths(layout);
  const secret = (name: string) => path.join(backupConfigDir, name);
  return {
    planFile: secret('plan.json'),
    recipientFile: secret('recipient.json'),
    passwordFile: (name: 'data' | 'keys') => secret(`${name}.password`),
    credentialsFile: secret('target-credentials'),
    trustFile: secret('target-trust'),
    historyFile: secret('history'),
    lockDir: secret('.lock'),
    cacheDir: path.join(backupDir, 'cache'),
    stateFile: path.join(backupDir, 'state.json'),
  };
}

export async function findPlan(layout: InstanceLayout): Promise<BackupPlan | undefined> {
  return findJson<BackupPlan>(backupFiles(layout).planFile);
}

export async function getPlan(layout: InstanceLayout): Promise<BackupPlan> {
  const plan = await findPlan(layout);
  if (plan) return plan;
  throw new Fault('No backups are planned for this instance', {
    next: 'casemate backup key --out FILE, then casemate backup schedule --to TARGET',
    code: 'notInstalled',
  });
}

export async function findRecipient(layout: InstanceLayout): Promise<Recipient | undefined> {
  return findJson<Recipient>(backupFiles(layout).recipientFile);
}

export async function findJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault(`${file} can't be read`, {
      why: (cause as Error).message,
      next: 'Run the command as root, or as the owner of the instance.',
      code: 'permission',
      cause,
    });
  }
}

/** Writes the plan; draws the passwords of the repositories when there are none. */
export async function savePlan(
  layout: InstanceLayout,
  plan: BackupPlan,
  given: { credentials?: string | undefined; trust?: string | undefined },
): Promise<void> {
  const files = backupFiles(layout);
  await ensureDir(path.dirname(files.planFile), { mode: 0o700 });
  for (const name of ['data', 'keys'] as const)
    if (!existsSync(files.passwordFile(name)))
      await writeFileAtomically(files.passwordFile(name), randomBytes(32).toString('hex'), {
        mode: 0o400,
      });
  if (given.credentials) await keepFile(given.credentials, files.credentialsFile);
  if (given.trust) await keepFile(given.trust, files.trustFile);
  await writeFileAtomically(files.planFile, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
}

async function keepFile(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((cause: unknown) => {
    throw new Fault(`${from} can't be read`, { why: (cause as Error).message, code: 'usage' });
  });
  await chmod(to, 0o600);
}

/**
 * Names the life of this very cluster, from its making or its restore on: the log of another one bears the
 * same names of files. Clocks can be wrong; this can't.
 */
export async function readHistory(layout: InstanceLayout): Promise<string> {
  const { historyFile } = backupFiles(layout);
  const known = await readFile(historyFile, 'utf8').catch(() => '');
  if (known !== '') return known;
  const drawn = randomBytes(8).toString('hex');
  await writeFileAtomically(historyFile, drawn, { mode: 0o600 });
  return drawn;
}

export async function openBackups(
  layout: InstanceLayout,
  settings: InstanceSettings,
): Promise<BackupContext> {
  const plan = await getPlan(layout);
  const files = backupFiles(layout);
  await ensureDir(files.cacheDir, { mode: 0o700 });
  const repositories: Repositories = {
    restic: executable(settings, 'restic', 'restic'),
    target: plan.target,
    files: {
      credentials: existsSync(files.credentialsFile) ? files.credentialsFile : undefined,
      trust: existsSync(files.trustFile) ? files.trustFile : undefined,
    },
    cacheDir: files.cacheDir,
    passwordFile: files.passwordFile,
  };
  return { layout, settings, plan, repositories };
}
