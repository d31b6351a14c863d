import { randomBytes } from 'node:crypto';
import { setRotatorPassword } from '../database/bootstrap.ts';
import { loginAccounts } from '../database/login-accounts.ts';
import {
  connectEngine,
  engineIsReady,
  isConnected,
  manageAccounts,
  removeStored,
  type DatabaseEngine,
} from '../vault/database-engine.ts';
import { logIn, logOut, readCredential } from '../vault/log-in.ts';
import { databaseAccess } from './create-database-accounts.ts';
import type { InstallContext, Step } from './step.ts';

/**
 * Hands the passwords of the database's accounts to the key service's database engine, which draws
 * them and rotates them: nobody sees one but the program that signs in with it. Stands behind the
 * build of the server, since the passwords that an older one read are replaced here.
 */
export const giveDatabasePasswords: Step = {
  id: 'give-database-passwords',
  title: 'Let the key service draw the database passwords',
  isDone: (context) => withEngine(context, (engine) => engineIsReady(engine, loginAccounts)),
  apply: (context) =>
    withEngine(context, async (engine) => {
      if (!(await isConnected(engine))) {
        const password = randomBytes(32).toString('hex');
        await setRotatorPassword(databaseAccess(context), password);
        await connectEngine(engine, password);
      }
      const drawn = await manageAccounts(engine, loginAccounts);
      await removeStored(engine);
      return `${drawn} accounts`;
    }),
};

/** Signed in as the operator; the token is given back. */
export async function withEngine<T>(
  { paths, settings }: Pick<InstallContext, 'paths' | 'settings'>,
  work: (engine: DatabaseEngine) => Promise<T>,
): Promise<T> {
  const socketPath = paths.vaultSocket;
  const token = await logIn(socketPath, await readCredential(paths.credentialFile('operator')));
  const database = { socketDir: paths.databaseSocketDir, port: settings.databasePort };
  try {
    return await work({ socketPath, token, database });
  } finally {
    await logOut(socketPath, token);
  }
}
