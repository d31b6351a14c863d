import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { AppError, type VaultClient } from '../../platform/index.ts';
import type { ControlResult } from '../judge-control.ts';
import { fingerprint } from '../report/read-report.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * What a signed text is for. It stands in the text itself, so that what was signed as one kind never
 * passes as another. The number rises when the meaning of a kind changes.
 */
export const SIGNED_TYPES = {
  controls: 'casemate.controls.1',
  isolation: 'casemate.isolation-report.1',
  host: 'casemate.host-finding.1',
  egress: 'casemate.egress-report.1',
  probe: 'casemate.probe.1',
  deletion: 'casemate.deletion-certificate.1',
} as const;

export type SignedType = (typeof SIGNED_TYPES)[keyof typeof SIGNED_TYPES];

/** What a verification found; the published form. */
export type Evidence = {
  readonly version: string;
  readonly at: string;
  readonly controls: readonly ControlResult[];
};

/** Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of all but the member `signature`. */
export type Signature = {
  readonly algorithm: 'Ed25519';
  readonly key: string;
  readonly value: string;
};

export type Signed<E extends object> = E & {
  readonly type: string;
  readonly signature: Signature;
};

export type SignedEvidence = Signed<Evidence>;

/** A version of the key that signs evidence: its id is the SHA-256 of the public half. */
export type EvidenceKey = { readonly id: string; readonly version: number; readonly pem: string };

const KEY = 'evidence-signing';

/** Signs by the key service: whoever holds only the database can't make evidence. */
export async function signEvidence<E extends object>(
  vault: VaultClient,
  type: SignedType,
  evidence: E,
): Promise<Signed<E>> {
  const typed = { ...evidence, type };
  const bytes = Buffer.from(canonicalJson(typed));
  const answer = await vault.write(`transit/sign/${KEY}`, { input: bytes.toString('base64') });
  const [, version, value = ''] = String(answer['signature']).split(':');
  const keys = await listEvidenceKeys(vault);
  const key = keys.find((one) => `v${one.version}` === version);
  if (!key || !value)
    throw new AppError('unavailable', 'The key service did not sign the evidence');
  return { ...typed, signature: { algorithm: 'Ed25519', key: key.id, value } };
}

/** The public halves of every version of the key, newest first. */
export async function listEvidenceKeys(vault: VaultClient): Promise<readonly EvidenceKey[]> {
  const answer = await vault.read(`transit/keys/${KEY}`);
  const versions = answer['keys'] as Record<string, { public_key: string }>;
  return Object.entries(versions)
    .map(([version, { public_key: raw }]) => {
      const key = publicKeyOf(raw);
      return {
        id: fingerprint(key.export({ type: 'spki', format: 'der' })),
        version: Number(version),
        pem: key.export({ type: 'spki', format: 'pem' }).toString(),
      };
    })
    .sort((one, other) => other.version - one.version);
}

/** The transit engine gives the 32 bytes of an Ed25519 key in base64. */
function publicKeyOf(raw: string): KeyObject {
  const x = Buffer.from(raw, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** True when one of the keys signed exactly this, as a text of this kind. */
export function verifyEvidence<E extends object>(
  signed: Signed<E>,
  keys: readonly EvidenceKey[],
  type: SignedType,
): boolean {
  const { signature, ...evidence } = signed;
  if (signed.type !== type) return false;
  const key = keys.find(({ id }) => id === signature.key);
  if (!key) return false;
  const bytes = Buffer.from(canonicalJson(evidence));
  return verify(null, bytes, createPublicKey(key.pem), Buffer.from(signature.value, 'base64'));
}
