import type { InstancePaths } from '../instance/paths.ts';
import { logIn, logOut, readCredential } from '../vault/log-in.ts';
import { engineSigner, type AuthorityEngine } from './authority-engine.ts';
import type { AuthoritySigner } from './ensure-server-certificate.ts';

type Places = Pick<InstancePaths, 'vaultSocket' | 'credentialFile'>;

/** Signs in to the key service as the operator for each certificate, and out again. */
export function authoritySigner(places: Places): AuthoritySigner {
  return (wish) => withAuthority(places, (engine) => engineSigner(engine)(wish));
}

export async function withAuthority<T>(
  { vaultSocket: socketPath, credentialFile }: Places,
  work: (engine: AuthorityEngine) => Promise<T>,
): Promise<T> {
  const token = await logIn(socketPath, await readCredential(credentialFile('operator')));
  try {
    return await work({ socketPath, token });
  } finally {
    await logOut(socketPath, token);
  }
}
