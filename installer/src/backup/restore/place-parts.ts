import { randomBytes } from 'node:crypto';
import { lchown, lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { getAccounts } from '../../host/get-accounts.ts';
import { ensureDir, writeFileAtomically } from '../../host/write-file.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import { instancePaths } from '../../instance/paths.ts';
import type { InstanceSettings } from '../../instance/settings.ts';
import { findSealKeys } from '../../vault/find-seal-keys.ts';
import type { Identity } from '../age.ts';
import type { BackupManifest } from '../manifest.ts';
import { backupFiles, savePlan, type Recipient } from '../plan.ts';
import { witnessOf, type RecoverySecrets } from '../recovery-record.ts';
import { copyTree } from './restore-key-service.ts';
import type { Stage } from './stage.ts';
import type { TargetFiles } from '../target.ts';

/** Notes of this very host, which the steps of the installation write anew. */
const ofTheOldHost =
  /^(first-answer|location\.json|upgrade\.json|restore\.json|model-[a-z]+\.loaded)$/;

/** The settings as they were; programs and ports are what this host brings. */
export async function readSettings(stage: Stage): Promise<InstanceSettings> {
  const text = await readFile(path.join(stage.configDir, 'instance.json'), 'utf8');
  const settings = JSON.parse(text) as InstanceSettings;
  return { ...settings, components: {}, server: null };
}

/** Settings, certificates and files of the tenants, for the accounts of this host. */
export async function placeFiles(
  layout: InstanceLayout,
  stage: Stage,
  manifest: BackupManifest,
): Promise<void> {
  for (const name of await readdir(stage.configDir)) {
    if (ofTheOldHost.test(name) || name === 'instance.json') continue;
    await copyTree(path.join(stage.configDir, name), path.join(layout.configDir, name));
  }
  const { serverDataDir } = instancePaths(layout);
  await copyTree(stage.serverDir, serverDataDir);
  await mapOwners(layout, stage, manifest);
}

/** Files belong to the same accounts as before, whatever their numbers are here. */
async function mapOwners(
  layout: InstanceLayout,
  stage: Stage,
  { accounts }: BackupManifest,
): Promise<void> {
  if (!layout.asRoot) return;
  const here = getAccounts(layout) as Record<string, { uid: number; gid: number }>;
  const uids = new Map<number, number>();
  const gids = new Map<number, number>();
  for (const [name, there] of Object.entries(accounts)) {
    const account = here[name];
    if (!account) continue;
    uids.set(there.uid, account.uid);
    gids.set(there.gid, account.gid);
  }
  const { serverDataDir } = instancePaths(layout);
  for (const [from, to] of [
    [stage.configDir, layout.configDir],
    [stage.serverDir, serverDataDir],
  ] as const)
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
      const saved = path.join(entry.parentPath, entry.name);
      const placed = path.join(to, path.relative(from, saved));
      const { uid, gid } = await lstat(saved);
      // What no account of ours owned there belongs to root here.
      if (await lstat(placed).catch(() => undefined))
        await lchown(placed, uids.get(uid) ?? 0, gids.get(gid) ?? 0);
    }
}

/** The seal key out of the escrow, under the name by which the key service knows it. */
export async function placeSealKey(
  layout: InstanceLayout,
  manifest: BackupManifest,
  secrets: Pick<RecoverySecrets, 'sealKeys'>,
): Promise<void> {
  const paths = instancePaths(layout);
  const key = secrets.sealKeys[manifest.keys.sealKey];
  if (key === undefined)
    throw new Fault('The seal key of this backup is not in escrow', {
      next: 'Restore a backup that `casemate backup list` calls complete.',
      code: 'damaged',
    });
  const owner = getAccounts(layout)['casemate-keys'];
  await ensureDir(layout.sealDir, { mode: 0o700, owner });
  await writeFileAtomically(paths.sealKeyFile, Buffer.from(key, 'base64'), { mode: 0o400, owner });
  const seal = await findSealKeys(paths.vaultConfigFile);
  if (!seal) return;
  // The file may have lain elsewhere; configure-key-service.ts writes the rest anew.
  const text = await readFile(paths.vaultConfigFile, 'utf8');
  const moved = !text.includes(`"${paths.vaultAuditDir}/`);
  const suffix = moved ? `-${manifest.id.slice(-4)}${randomBytes(2).toString('hex')}` : '';
  const here = text
    .replaceAll(`file://${seal.current.file}`, `file://${paths.sealKeyFile}`)
    .replaceAll(/^audit "file" "(audit-\d)[^"]*"/gm, (line, name) =>
      moved ? `audit "file" "${String(name)}${suffix}"` : line,
    )
    .replaceAll(/^\s*previous_key(_id)? = .*\n/gm, '');
  await writeFileAtomically(paths.vaultConfigFile, here, { mode: 0o400, owner });
}

/** Backups go on as they were planned, into the same repositories. */
export async function placePlan(
  layout: InstanceLayout,
  {
    manifest,
    secrets,
    identity,
    files,
    target,
  }: {
    manifest: BackupManifest;
    secrets: RecoverySecrets;
    identity: Identity;
    files: TargetFiles;
    target: string;
  },
): Promise<void> {
  const places = backupFiles(layout);
  await ensureDir(path.dirname(places.planFile), { mode: 0o700 });
  const file = { mode: 0o400 };
  await writeFileAtomically(places.passwordFile('data'), secrets.dataPassword, file);
  await writeFileAtomically(places.passwordFile('keys'), secrets.keysPassword, file);
  const recipient: Recipient = { recipient: identity.recipient, witness: witnessOf(identity) };
  await writeFileAtomically(places.recipientFile, `${JSON.stringify(recipient)}\n`, {
    mode: 0o600,
  });
  await savePlan(layout, { ...manifest.plan, target }, files);
}
