import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { Fault } from '../fault.ts';

export type KeyPair = { privatePem: string; publicPem: string };

/** An Ed25519 key pair (RFC 8410) in PEM. */
export function makeReleaseKey(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { privatePem, publicPem: pemOf(publicKey) };
}

/** Reads a private key; throws for any other kind than Ed25519. */
export function readPrivateKey(pem: string): KeyObject {
  return ofOurKind(() => createPrivateKey(pem));
}

/** Reads a public key; the text must be exactly what we would write, so that no byte is idle. */
export function readPublicKey(pem: string): KeyObject {
  return ofOurKind(() => createPublicKey(pem));
}

export function publicPemOf(privateKey: KeyObject): string {
  return pemOf(createPublicKey(privateKey));
}

/**
 * SHA-256 of the key's DER form (SubjectPublicKeyInfo) in hex, as
 * `openssl pkey -pubin -in KEY -outform DER | sha256sum` prints it.
 */
export function fingerprintOf(pem: string): string {
  const der = readPublicKey(pem).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

export function signText(text: string, privateKey: KeyObject): Buffer {
  return sign(null, Buffer.from(text), privateKey);
}

export function isSigned(text: Buffer, signature: Buffer, publicPem: string): boolean {
  return verify(null, text, readPublicKey(publicPem), signature);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }) as string;
}

function ofOurKind(read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    key = undefined;
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new Fault('This is no Ed25519 key', {
    next: 'Make a pair with `casemate bundle key --out DIR`.',
    code: 'signature',
  });
}
