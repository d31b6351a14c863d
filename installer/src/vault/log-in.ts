import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { requestVault } from './request.ts';

export type StoredCredential = { roleId: string; secretId: string };

/** On a cluster the token of a service account takes the place of what is stored. */
export type AppRoleCredential = StoredCredential | { kubernetesRole: string; serviceToken: string };

/** Reads a credential file of the installer: {roleId, secretId}. */
export async function readCredential(file: string): Promise<StoredCredential> {
  return JSON.parse(await readFile(file, 'utf8')) as StoredCredential;
}

/** Trades a credential for a short-lived token. */
export async function logIn(socketPath: string, credential: AppRoleCredential): Promise<string> {
  const { status, body } = await requestVault({
    socketPath,
    method: 'POST',
    ...loginOf(credential),
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

function loginOf(credential: AppRoleCredential): { path: string; body: object } {
  if ('roleId' in credential) {
    const { roleId, secretId } = credential;
    return { path: 'auth/approle/login', body: { role_id: roleId, secret_id: secretId } };
  }
  const { kubernetesRole, serviceToken } = credential;
  return { path: 'auth/kubernetes/login', body: { role: kubernetesRole, jwt: serviceToken } };
}

/** Gives the token back at once instead of letting it expire. Never throws. */
export async function logOut(socketPath: string, token: string): Promise<void> {
  await requestVault({ socketPath, method: 'POST', path: 'auth/token/revoke-self', token }).catch(
    () => undefined,
  );
}
