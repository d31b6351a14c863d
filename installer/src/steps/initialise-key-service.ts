import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically, type Owner } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { VaultRole } from '../instance/paths.ts';
import { executable } from '../supervisor/process-specs.ts';
import { initialiseVault, type VaultPlaces } from '../vault/initialise.ts';
import { findAuditNames, findSealKeys } from '../vault/find-seal-keys.ts';
import { vaultServerConfig, type SealKeys } from '../vault/server-config.ts';
import type { InstallContext, Step } from './step.ts';

export const configureKeyService: Step = {
  id: 'configure-key-service',
  title: 'Configure the key service',
  isDone: async (context) => {
    const found = await readFile(context.paths.vaultConfigFile, 'utf8').catch(() => '');
    return found === (await keyServiceConfig(context));
  },
  apply: async (context) => writeKeyServiceConfig(context, await keyServiceConfig(context)),
};

export const initialiseKeyService: Step = {
  id: 'initialise-key-service',
  title: 'Initialise the key service',
  isDone: ({ paths }) => existsSync(paths.vaultInitialisedFile),
  apply: async (context) => {
    await initialiseVault(vaultPlaces(context));
    return 'root token revoked';
  },
};

/** Where the key service of an instance keeps what it is made of, and who may read that. */
export function vaultPlaces({ layout, paths, settings }: InstallContext): VaultPlaces {
  return {
    bao: executable(settings, 'openbao', 'bao'),
    configFile: paths.vaultConfigFile,
    socketPath: paths.vaultSocket,
    storageDir: paths.vaultStorageDir,
    initialisedFile: paths.vaultInitialisedFile,
    credentialFile: paths.credentialFile,
    roleIdFile: paths.roleIdFile,
    roleOwner: (role) => roleOwner(layout, role),
    runAs: getAccounts(layout)['casemate-keys'],
  };
}

/** Migrations run under the server's account, in a process of their own. */
export function roleOwner(layout: InstanceLayout, role: VaultRole): Owner | undefined {
  return getAccounts(layout)[role === 'provisioner' ? 'casemate-provisioner' : 'casemate'];
}

type Installed = Pick<InstallContext, 'layout' | 'paths'>;

export function writeKeyServiceConfig({ layout, paths }: Installed, text: string): Promise<void> {
  const owner = getAccounts(layout)['casemate-keys'];
  return writeFileAtomically(paths.vaultConfigFile, text, { mode: 0o400, owner });
}

/** Keeps the seal keys that are configured, unless others are given: only a rotation changes them. */
export async function keyServiceConfig(
  { layout, paths }: Installed,
  wanted?: SealKeys,
): Promise<string> {
  const first = { current: { id: '1', file: paths.sealKeyFile } };
  const seal = wanted ?? (await findSealKeys(paths.vaultConfigFile)) ?? first;
  const keys = getAccounts(layout)['casemate-keys'];
  return vaultServerConfig({
    socketPath: paths.vaultSocket,
    socketOwner: keys ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    storageDir: paths.vaultStorageDir,
    seal,
    auditNames: await findAuditNames(paths.vaultConfigFile),
    auditFiles: [
      path.join(paths.vaultAuditDir, 'audit-1.log'),
      path.join(paths.vaultAuditDir, 'audit-2.log'),
    ],
  });
}
