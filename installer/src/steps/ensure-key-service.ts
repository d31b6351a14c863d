import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { VaultRole } from '../instance/paths.ts';
import { ensureKeyService, findChanges, type EnsureOptions } from '../vault/ensure-key-service.ts';
import { readCredential } from '../vault/log-in.ts';
import { serviceRoles, type KeyServiceRole } from '../vault/role-settings.ts';
import type { InstallContext, Step } from './step.ts';

/** Engines, policies, roles and keys that this version has and an older installation lacks. */
export const bringKeyServiceUpToDate: Step = {
  id: 'ensure-key-service',
  title: 'Bring the key service up to date',
  isDone: async (context) => (await findChanges(await optionsOf(context))).length === 0,
  apply: async (context) => {
    const changes = await ensureKeyService(await optionsOf(context));
    return `${changes.length} changes`;
  },
};

async function optionsOf({ layout, paths }: InstallContext): Promise<EnsureOptions> {
  const accounts = getAccounts(layout);
  return {
    socketPath: paths.vaultSocket,
    operator: await readCredential(paths.credentialFile('operator')),
    writeRoleId: async (role, roleId) => {
      if (!isService(role)) return;
      const owner = accounts[role === 'provisioner' ? 'casemate-provisioner' : 'casemate'];
      await writeFileAtomically(paths.roleIdFile(role), roleId, { mode: 0o400, owner });
    },
  };
}

const isService = (role: KeyServiceRole): role is VaultRole =>
  serviceRoles.some((name) => name === role);
