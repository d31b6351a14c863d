import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { recordOnPlatform, type AuditSource } from '../../audit/index.ts';
import type { Platform } from '../../platform/index.ts';
import { findCeremony, putSealedShares } from './ceremonies.ts';
import { createNamespace, destroyNamespace } from './namespace.ts';
import { findSeal, lockSeal } from './repo.ts';

type Work = { platform: Platform; source: AuditSource };

/**
 * The provisioner's part of the ceremony: makes the tenant's namespace and encrypts each of its key
 * shares to the public key of the holder's browser (RSA-OAEP, RFC 8017, with SHA-256) before anything
 * is written. A namespace whose shares nobody took holds nothing and makes room for a new one; until
 * this one's are written down, whoever would take them waits.
 */
export async function makeShares({ platform, source }: Work, tenantId: string): Promise<void> {
  await platform.db.inControl(async (tx) => {
    await lockSeal(tx, tenantId);
    const seal = await findSeal(tx, tenantId);
    const ceremony = await findCeremony(tx, tenantId);
    if (!ceremony || ceremony.sealedShares !== null || !isNew(seal)) return;
    await destroyNamespace(platform.vault, tenantId);
    const { shares, threshold, publicKey } = ceremony;
    const made = await createNamespace(platform.vault, tenantId, { shares, threshold });
    const sealedShares = made.map((share) => encryptTo(publicKey, share));
    if (!(await putSealedShares(tx, { tenantId, publicKey, sealedShares }))) return;
    await recordOnPlatform(tx, source, {
      action: 'seal.make',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      after: { shares, threshold },
    });
  });
}

function encryptTo(publicKey: Buffer, share: string): string {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(share)).toString('base64');
}

/** Its namespace was never opened: nothing is in it yet. */
export function isNew(
  seal: { state: string; reason: string | null } | undefined,
): seal is { state: string; reason: 'new' } {
  return seal?.reason === 'new' && (seal.state === 'provisioning' || seal.state === 'failed');
}
