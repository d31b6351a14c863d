import { Fault } from '../fault.ts';
import { waitForVault } from '../vault/wait-for-vault.ts';
import type { ContainerSettings } from './settings.ts';

const WAIT_MS = 600_000;

/** Ends once the key service answers; what needs it need not fail and be started again. */
export async function awaitParts({ vault }: ContainerSettings): Promise<void> {
  if (await waitForVault(vault, WAIT_MS, () => false)) return;
  throw new Fault('The key service did not become ready within ten minutes');
}
