import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { executable } from '../supervisor/process-specs.ts';
import { initialiseVault } from '../vault/initialise.ts';
import { vaultServerConfig } from '../vault/server-config.ts';
import type { InstallContext, Step } from './step.ts';

export const configureKeyService: Step = {
  id: 'configure-key-service',
  title: 'Configure the key service',
  isDone: async (context) => {
    const found = await readFile(context.paths.vaultConfigFile, 'utf8').catch(() => '');
    return found === configText(context);
  },
  apply: (context) => {
    const owner = getAccounts(context.layout)['casemate-keys'];
    const options = { mode: 0o400, owner };
    return writeFileAtomically(context.paths.vaultConfigFile, configText(context), options);
  },
};

export const initialiseKeyService: Step = {
  id: 'initialise-key-service',
  title: 'Initialise the key service',
  isDone: ({ paths }) => existsSync(paths.vaultInitialisedFile),
  apply: async ({ layout, paths, settings }) => {
    const accounts = getAccounts(layout);
    await initialiseVault({
      bao: executable(settings, 'openbao', 'bao'),
      configFile: paths.vaultConfigFile,
      socketPath: paths.vaultSocket,
      storageDir: paths.vaultStorageDir,
      initialisedFile: paths.vaultInitialisedFile,
      credentialFile: paths.credentialFile,
      roleIdFile: paths.roleIdFile,
      // Migrations run under the server's account, in a process of their own.
      roleOwner: (role) => accounts[role === 'provisioner' ? 'casemate-provisioner' : 'casemate'],
      runAs: accounts['casemate-keys'],
    });
    return 'root token revoked';
  },
};

function configText({ layout, paths }: InstallContext): string {
  const keys = getAccounts(layout)['casemate-keys'];
  return vaultServerConfig({
    socketPath: paths.vaultSocket,
    socketOwner: keys ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    storageDir: paths.vaultStorageDir,
    sealKeyFile: paths.sealKeyFile,
    auditFiles: [
      path.join(paths.vaultAuditDir, 'audit-1.log'),
      path.join(paths.vaultAuditDir, 'audit-2.log'),
    ],
  });
}
