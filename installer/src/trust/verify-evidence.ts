import { createHash, createPublicKey, verify } from 'node:crypto';

export type ControlRow = {
  id: string;
  status: 'pass' | 'fail' | 'missing' | 'not_applicable';
  proof: string;
  evidence: string;
  checked_at: string | null;
};

export type SignedEvidence = {
  /** What the text is for; signed with it. */
  type: string;
  version: string;
  at: string;
  controls: ControlRow[];
  signature: { algorithm: string; key: string; value: string };
};

export type EvidenceKey = { id: string; version: number; pem: string };

/** The same key signs other texts: an isolation report is no evidence of controls. */
const TYPE = 'casemate.controls.1';

/**
 * True when one of the keys signed exactly this: Ed25519 (RFC 8032) over the canonical JSON (RFC
 * 8785) of everything but the signature. The key's id is computed from the key, never believed.
 */
export function verifyEvidence(signed: SignedEvidence, pems: readonly string[]): boolean {
  const { signature, ...evidence } = signed;
  if (signature?.algorithm !== 'Ed25519' || evidence.type !== TYPE) return false;
  const key = pems.map((pem) => createPublicKey(pem)).find((one) => keyId(one) === signature.key);
  if (key?.asymmetricKeyType !== 'ed25519') return false;
  const bytes = Buffer.from(canonicalJson(evidence));
  return verify(null, bytes, key, Buffer.from(signature.value, 'base64'));
}

export function keyId(key: ReturnType<typeof createPublicKey>): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/** RFC 8785 for what evidence holds: no numbers but whole ones. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(',')}}`;
}
