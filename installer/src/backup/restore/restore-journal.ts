import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { ensureDir, writeFileAtomically } from '../../host/write-file.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import { instancePaths } from '../../instance/paths.ts';
import { findSettings } from '../../instance/settings.ts';
import { getRuntime } from '../../runtime/get-runtime.ts';
import { clusterExists } from '../../database/init-cluster.ts';

/** Stands while a restore lays an instance in its place: what is there then is half, and may be wiped. */
export function restoreJournal(layout: InstanceLayout): string {
  return path.join(layout.configDir, 'restore.json');
}

export async function openJournal(layout: InstanceLayout, id: string): Promise<void> {
  await ensureDir(layout.configDir, { mode: 0o700 });
  const text = `${JSON.stringify({ id, startedAt: new Date().toISOString() })}\n`;
  await writeFileAtomically(restoreJournal(layout), text, { mode: 0o600 });
}

export async function closeJournal(layout: InstanceLayout): Promise<void> {
  await rm(restoreJournal(layout), { force: true });
}

export const isHalfRestored = (layout: InstanceLayout): boolean =>
  existsSync(restoreJournal(layout));

/** An instance in the way is never overwritten, whether it runs or not. */
export async function refusePresentInstance(layout: InstanceLayout): Promise<void> {
  if (isHalfRestored(layout)) return;
  const paths = instancePaths(layout);
  const present = [
    (await findSettings(layout)) && paths.instanceFile,
    clusterExists(paths.databaseDir) && paths.databaseDir,
    existsSync(paths.vaultInitialisedFile) && paths.vaultDir,
    existsSync(paths.sealKeyFile) && paths.sealKeyFile,
  ].filter((one) => typeof one === 'string');
  if (present.length === 0) return;
  const { components } = await getRuntime(layout).status();
  const runs = components.some(({ state }) => state !== 'stopped');
  throw new Fault(`There is an instance "${layout.instance}" here${runs ? ', and it runs' : ''}`, {
    why: `${present.join(', ')} ${present.length === 1 ? 'exists' : 'exist'}.`,
    next: 'Nothing was changed. Restore beside it with --instance and --data-dir, or remove it first: `casemate uninstall --purge`.',
    code: 'usage',
  });
}

/** Takes away what an interrupted restore laid there; the journal last. */
export async function wipeHalfRestored(layout: InstanceLayout): Promise<void> {
  if (!isHalfRestored(layout)) return;
  await getRuntime(layout)
    .stop()
    .catch(() => undefined);
  const paths = instancePaths(layout);
  for (const place of [
    ...[paths.databaseDir, paths.vaultStorageDir, paths.vaultInitialisedFile, paths.serverDataDir],
    ...[paths.deletionLedger, paths.walSpoolDir, paths.sealKeyFile, paths.backupConfigDir],
    ...[path.dirname(paths.credentialFile('operator')), path.dirname(paths.vaultConfigFile)],
    ...[paths.tlsDir, paths.instanceFile],
  ])
    await rm(place, { recursive: true, force: true });
  await closeJournal(layout);
}

/** A half-restored instance must neither be started nor installed over. */
export function refuseHalfRestored(layout: InstanceLayout): void {
  if (!isHalfRestored(layout)) return;
  throw new Fault('A restore of this instance was interrupted', {
    why: `${restoreJournal(layout)} stands.`,
    next: 'Run the same `casemate backup restore` again; it begins anew.',
    code: 'notInstalled',
  });
}
