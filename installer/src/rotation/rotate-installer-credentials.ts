import { randomBytes } from 'node:crypto';
import { Fault } from '../fault.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstallerRole } from '../instance/paths.ts';
import { logIn, logOut, readCredential } from '../vault/log-in.ts';
import { requestVault, type VaultReply } from '../vault/request.ts';
import { installerRoles } from '../vault/role-settings.ts';

export type CredentialRotation = {
  socketPath: string;
  credentialFile: (role: InstallerRole) => string;
};

/**
 * Gives the issuer and the operator new secret-ids. The file always holds one that is accepted: the
 * new one is made, tried and written before any other is destroyed.
 */
export async function rotateInstallerCredentials(rotation: CredentialRotation): Promise<void> {
  for (const role of installerRoles) await rotateOne(rotation, role);
}

async function rotateOne(
  { socketPath, credentialFile }: CredentialRotation,
  role: InstallerRole,
): Promise<void> {
  const operator = await readCredential(credentialFile('operator'));
  const token = await logIn(socketPath, operator);
  const at = `auth/approle/role/${role}`;
  const post = (path: string, body: unknown) =>
    requestVault({ socketPath, token, method: 'POST', path, body });
  try {
    const { roleId } = await readCredential(credentialFile(role));
    const credential = { roleId, secretId: randomBytes(32).toString('hex') };
    const made = must(await post(`${at}/custom-secret-id`, { secret_id: credential.secretId }));
    await logOut(socketPath, await logIn(socketPath, credential));
    await writeFileAtomically(credentialFile(role), JSON.stringify(credential), { mode: 0o400 });
    const path = `${at}/secret-id`;
    const listed = await requestVault({ socketPath, token, method: 'LIST', path });
    for (const accessor of (listed.body.data?.['keys'] ?? []) as string[]) {
      if (accessor === made.body.data?.['secret_id_accessor']) continue;
      must(await post(`${at}/secret-id-accessor/destroy`, { secret_id_accessor: accessor }));
    }
  } finally {
    await logOut(socketPath, token);
  }
}

function must(reply: VaultReply): VaultReply {
  if (reply.status < 300) return reply;
  throw new Fault('The key service gave the installer no new credential', {
    why: `It answered ${reply.status}: ${(reply.body.errors ?? []).join('; ')}`,
    next: 'The present credential goes on working. Run the command again.',
  });
}
