import { stat } from 'node:fs/promises';
import path from 'node:path';
import { getAccounts } from '../host/get-accounts.ts';
import { ensureDir } from '../host/write-file.ts';
import type { Owner } from '../host/write-file.ts';
import type { InstanceLayout } from './layout.ts';
import { instancePaths } from './paths.ts';

export type WantedDir = { dir: string; mode: number; owner: Owner | undefined };

/** Every directory of an instance with its owner and rights, parents first. */
export function wantedDirs(layout: InstanceLayout): { lasting: WantedDir[]; running: WantedDir[] } {
  const paths = instancePaths(layout);
  const owners = getAccounts(layout);
  const group = owners['casemate']?.gid ?? 0;
  const own = layout.asRoot ? { uid: 0, gid: 0 } : undefined;
  // The services may pass through, not look around.
  const shared = (dir: string): WantedDir => ({
    dir,
    mode: layout.asRoot ? 0o710 : 0o700,
    owner: layout.asRoot ? { uid: 0, gid: group } : undefined,
  });
  const only = (dir: string, owner: Owner | undefined): WantedDir => ({ dir, mode: 0o700, owner });
  // Its files belong to the group of the services, which may read them.
  const readable = (dir: string, owner: Owner | undefined): WantedDir => ({
    ...socket(dir, owner),
    mode: owner ? 0o2750 : 0o700,
  });
  const socket = (dir: string, owner: Owner | undefined): WantedDir => ({
    dir,
    mode: owner ? 0o750 : 0o700,
    owner: owner ? { uid: owner.uid, gid: group } : undefined,
  });
  return {
    lasting: [
      ...(layout.root ? [shared(layout.root)] : []),
      { dir: layout.programsDir, mode: 0o755, owner: own },
      { dir: layout.pointerDir, mode: layout.asRoot ? 0o711 : 0o700, owner: own },
      layout.asRoot
        ? { dir: layout.configDir, mode: 0o711, owner: own }
        : only(layout.configDir, own),
      only(layout.sealDir, owners['casemate-keys']),
      only(path.dirname(paths.credentialFile('issuer')), own),
      shared(path.dirname(paths.vaultConfigFile)),
      shared(path.dirname(paths.roleIdFile('server'))),
      shared(paths.tlsDir),
      shared(layout.dataDir),
      only(path.dirname(paths.databaseDir), owners['casemate-db']),
      only(paths.vaultDir, owners['casemate-keys']),
      only(paths.modelsDir, owners['casemate-models']),
      only(paths.serverDataDir, owners['casemate']),
      readable(path.dirname(paths.deletionLedger), owners['casemate-provisioner']),
      shared(paths.backupDir),
      only(paths.walSpoolDir, owners['casemate-db']),
      only(paths.backupConfigDir, own),
      shared(layout.logDir),
      only(paths.vaultAuditDir, owners['casemate-keys']),
    ],
    running: [
      shared(layout.runDir),
      socket(paths.databaseSocketDir, owners['casemate-db']),
      socket(path.dirname(paths.vaultSocket), owners['casemate-keys']),
      socket(path.dirname(paths.modelSocket), owners['casemate-models']),
      only(path.dirname(paths.wrappedSecretIdFile('server')), owners['casemate']),
      only(path.dirname(paths.wrappedSecretIdFile('provisioner')), owners['casemate-provisioner']),
      only(paths.commandDir, owners['casemate']),
      only(path.dirname(paths.controlSocket), own),
    ],
  };
}

export async function dirsAreRight(wanted: readonly WantedDir[]): Promise<boolean> {
  for (const { dir, mode, owner } of wanted) {
    const found = await stat(dir).catch(() => undefined);
    if (!found?.isDirectory() || (found.mode & 0o7777) !== mode) return false;
    if (owner && (found.uid !== owner.uid || found.gid !== owner.gid)) return false;
  }
  return true;
}

export async function ensureDirs(wanted: readonly WantedDir[]): Promise<void> {
  for (const { dir, ...options } of wanted) await ensureDir(dir, options);
}

/** What a reboot may have taken: sockets and their directories. */
export async function ensureRunDirs(layout: InstanceLayout): Promise<void> {
  await ensureDirs(wantedDirs(layout).running);
}
