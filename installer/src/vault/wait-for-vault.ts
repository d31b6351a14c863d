import { waitUntil } from '../host/wait-until.ts';
import { requestVault } from './request.ts';

/** True once the key service is initialised, unsealed and active (`sys/health` answers 200). */
export async function vaultIsReady(socketPath: string): Promise<boolean> {
  try {
    const request = { socketPath, method: 'GET', path: 'sys/health', timeoutMs: 2000 } as const;
    return (await requestVault(request)).status === 200;
  } catch {
    return false;
  }
}

export function waitForVault(socketPath: string, timeoutMs: number, ended: () => boolean) {
  return waitUntil(async () => ended() || (await vaultIsReady(socketPath)), timeoutMs);
}
