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
  const input = inputOf(tenant);
  const answer = await vault.write('transit/hmac/tenant-proof/sha2-256', { input });
  return toHex(answer['hmac']);
}

/** Proofs of several tenants, in their order, in one call where the key service takes batches. */
export async function makeProofs(
  vault: VaultClient,
  tenants: readonly { id: string; epoch: number }[],
): Promise<string[]> {
  const answer = await vault.write('transit/hmac/tenant-proof/sha2-256', {
    batch_input: tenants.map((tenant) => ({ input: inputOf(tenant) })),
  });
  const results = answer['batch_results'] as { hmac?: string }[] | undefined;
  if (results?.length !== tenants.length)
    return Promise.all(tenants.map((tenant) => makeProof(vault, tenant)));
  return results.map(({ hmac }) => toHex(hmac));
}

function inputOf({ id, epoch }: { id: string; epoch: number }): string {
  return Buffer.from(`${id}|${epoch}`).toString('base64');
}

function toHex(hmac: unknown): string {
  const [, , mac] = String(hmac).split(':');
  return Buffer.from(mac ?? '', 'base64').toString('hex');
}

/** What the database stores and compares: SHA-256 over the proof's hexadecimal text. */
export function proofHash(proof: string): Buffer {
  return createHash('sha256').update(proof).digest();
}
