import { databaseAccounts } from '../database/bootstrap.ts';
import type { DatabasePasswords } from '../database/bootstrap.ts';
import { Fault } from '../fault.ts';
import { logIn, logOut } from './log-in.ts';
import type { AppRoleCredential } from './log-in.ts';
import { requestVault } from './request.ts';

/** Puts the passwords where each account's program, and nobody else, can read its own. */
export async function storeDatabasePasswords(
  socketPath: string,
  operator: AppRoleCredential,
  passwords: DatabasePasswords,
): Promise<void> {
  const token = await logIn(socketPath, operator);
  try {
    for (const name of databaseAccounts) {
      const { status, body } = await requestVault({
        socketPath,
        token,
        method: 'POST',
        path: `kv/data/database/${name}`,
        body: { data: { username: `casemate_${name}`, password: passwords[name] } },
      });
      if (status === 200) continue;
      throw new Fault(`The key service did not keep the database password of ${name}`, {
        why: `It answered ${status}: ${(body.errors ?? []).join('; ')}`,
        next: 'Run the command again.',
      });
    }
  } finally {
    await logOut(socketPath, token);
  }
}
