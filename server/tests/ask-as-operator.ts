import { logIn, readCredential } from '../../installer/src/vault/log-in.ts';
import { requestVault, type VaultReply } from '../../installer/src/vault/request.ts';
import { partsInfo } from './parts-info.ts';

/** Writes to the key service as the operator, whose credential only root reads on a host. */
export async function writeAsOperator(path: string, body: object): Promise<VaultReply> {
  const { vaultSocket: socketPath, operatorFile } = partsInfo();
  const token = await logIn(socketPath, await readCredential(operatorFile));
  return requestVault({ socketPath, token, method: 'POST', path, body });
}
