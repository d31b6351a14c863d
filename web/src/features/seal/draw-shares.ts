import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export type Split = { shares: number; threshold: number };

const ALGORITHM = {
  name: 'RSA-OAEP',
  modulusLength: 3072,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
const PAUSE_MS = 500;
const TRIES = 60;

/**
 * Has the key shares of a new tenant made, readable in this browser alone: they travel encrypted to a
 * key pair that is drawn here, and whose private half never leaves the page.
 */
export async function drawShares(tenantId: string, split: Split): Promise<string[]> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt']);
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
  const params = { path: { tenantId } };
  await unwrap(
    api.POST('/api/tenants/{tenantId}/seal/shares', {
      params,
      body: { ...split, publicKey: toBase64(new Uint8Array(spki)) },
    }),
  );
  for (let tries = 0; tries < TRIES; tries += 1) {
    const taken = await unwrap(
      api.POST('/api/tenants/{tenantId}/seal/shares/take', { params, body: {} }),
    );
    if (taken.sealedShares)
      return Promise.all(taken.sealedShares.map((share) => open(pair.privateKey, share)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error('The key shares were not made within half a minute; try again');
}

async function open(key: CryptoKey, share: string): Promise<string> {
  const bytes = Uint8Array.from(atob(share), (sign) => sign.charCodeAt(0));
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, key, bytes));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
