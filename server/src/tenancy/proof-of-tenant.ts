import { createHash } from 'node:crypto';
import type { VaultClient } from '../platform/index.ts';

/**
 * The proof of a tenant: an HMAC that only the key service can make, over the tenant and its epoch.
 * A new epoch makes the old proof worthless. Returns 64 hexadecimal digits.
 */
export async function makeProof(
  vault: VaultClient,
  tenant: { id: string; epoch: number },
): Promise<string> {
  const input = Buffer.from(`${tenant.id}|${tenant.epoch}`).toString('base64');
  const answer = await vault.write('transit/hmac/tenant-proof/sha2-256', { input });
  const [, , mac] = String(answer['hmac']).split(':');
  return Buffer.from(mac ?? '', 'base64').toString('hex');
}

/** What the database stores and compares: SHA-256 over the proof's hexadecimal text. */
export function proofHash(proof: string): Buffer {
  return createHash('sha256').update(proof).digest();
}
