import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { requestVault } from './request.ts';

export type AppRoleCredential = { roleId: string; secretId: string };

/** Reads a credential file of the installer: {roleId, secretId}. */
export async function readCredential(file: string): Promise<AppRoleCredential> {
  return JSON.parse(await readFile(file, 'utf8')) as AppRoleCredential;
}

/** Trades an AppRole credential for a short-lived token. */
export async function logIn(socketPath: string, credential: AppRoleCredential): Promise<string> {
  const { status, body } = await requestVault({
    socketPath,
    method: 'POST',
    path: 'auth/approle/login',
    body: { role_id: credential.roleId, secret_id: credential.secretId },
  });
  const token = body.auth?.client_token;
  if (status !== 200 || !token) {
    throw new Fault('The key service refused the credential of the installer', {
      why: `It answered ${status}: ${(body.errors ?? []).join('; ')}`,
      next: 'Check that the data directory and the configuration directory belong to the same instance.',
    });
  }
  return token;
}

/** Gives the token back at once instead of letting it expire. Never throws. */
export async function logOut(socketPath: string, token: string): Promise<void> {
  await requestVault({ socketPath, method: 'POST', path: 'auth/token/revoke-self', token }).catch(
    () => undefined,
  );
}
