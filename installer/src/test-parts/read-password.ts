import { readFile } from 'node:fs/promises';
import type { VaultRole } from '../instance/paths.ts';
import { requestVault } from '../vault/request.ts';
import type { VaultPart } from './start-parts.ts';

/** Signs in as a program does, with a wrapped secret-id. */
export async function signInAs(vault: VaultPart, role: VaultRole): Promise<string> {
  const socketPath = vault.socket;
  const unwrapped = await requestVault({
    socketPath,
    method: 'POST',
    path: 'sys/wrapping/unwrap',
    token: await vault.issueWrapped(role),
  });
  const login = await requestVault({
    socketPath,
    method: 'POST',
    path: 'auth/approle/login',
    body: {
      role_id: await readFile(vault.roleIdFile(role), 'utf8'),
      secret_id: unwrapped.body.data?.['secret_id'],
    },
  });
  return login.body.auth?.client_token ?? '';
}

/** What the program of that role would find: the passwords of `casemate_<name>`. */
export async function readPasswords<Name extends string>(
  vault: VaultPart,
  role: VaultRole,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const token = await signInAs(vault, role);
  const found: [string, string][] = [];
  for (const name of names) {
    const { body } = await requestVault({
      socketPath: vault.socket,
      token,
      method: 'GET',
      path: `casemate-database/static-creds/casemate_${name}`,
    });
    found.push([name, String(body.data?.['password'])]);
  }
  return Object.fromEntries(found) as Record<Name, string>;
}
