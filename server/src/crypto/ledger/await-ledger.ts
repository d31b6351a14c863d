import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '../../platform/index.ts';
import { findLedgerFault } from './deletion-ledger.ts';

const LOOK_AGAIN_MS = 250;
const SAY_AGAIN_MS = 10_000;

/**
 * Resolves once database and key service are at the end of the ledger of deletions: nothing serves
 * before the provisioner has destroyed again what a restore brought back. Says what it waits for.
 */
export async function awaitLedger(platform: Platform, signal?: AbortSignal): Promise<void> {
  let saidAt = -Infinity;
  for (;;) {
    signal?.throwIfAborted();
    const fault = await findLedgerFault(platform).catch((error: unknown) =>
      error instanceof Error ? error.message : 'the ledger of deletions cannot be read',
    );
    if (fault === null) return;
    if (performance.now() - saidAt > SAY_AGAIN_MS) {
      platform.log.warn('not serving yet: destroyed tenants were restored', { fault });
      saidAt = performance.now();
    }
    await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
