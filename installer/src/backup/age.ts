import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { decodeBech32, encodeBech32 } from './bech32.ts';

/**
 * Small secrets under a public key, in the format of age (age-encryption.org/v1, X25519 recipients), so
 * that `age --decrypt` opens them where no Casemate is left. One chunk of payload: 64 KiB at most.
 */
export type Identity = { secret: Buffer; recipient: string };

const version = 'age-encryption.org/v1';
const longest = 64 * 1024;
const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const spki = Buffer.from('302a300506032b656e032100', 'hex');

export function makeIdentity(): Identity {
  const { privateKey } = generateKeyPairSync('x25519');
  return identityOf(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32));
}

/** The first key in the text of an identity file; undefined when there is none. */
export function readIdentity(text: string): Identity | undefined {
  const line = text.split(/\s+/).find((word) => /^AGE-SECRET-KEY-1/.test(word));
  const secret = line && decodeBech32('age-secret-key-', line);
  return secret?.length === 32 ? identityOf(Buffer.from(secret)) : undefined;
}

export function identityText({ secret, recipient }: Identity): string {
  const key = encodeBech32('age-secret-key-', secret).toUpperCase();
  return `# public key: ${recipient}\n${key}\n`;
}

function identityOf(secret: Buffer): Identity {
  return { secret, recipient: encodeBech32('age', rawPublic(privateKeyOf(secret))) };
}

/** Whether the text is a recipient's public key that a secret can be wrapped to. */
export function isRecipient(text: string): boolean {
  return decodeBech32('age', text)?.length === 32;
}

export function encrypt(recipient: string, plain: Uint8Array): Buffer {
  const point = decodeBech32('age', recipient);
  if (point?.length !== 32) throw new Error('not a public key of age');
  if (plain.length > longest) throw new Error('too long for one chunk');
  const fileKey = randomBytes(16);
  const ephemeral = generateKeyPairSync('x25519').privateKey;
  const share = rawPublic(ephemeral);
  const shared = diffieHellman({ privateKey: ephemeral, publicKey: publicKeyOf(point) });
  const wrapped = seal(wrapKey(shared, share, point), Buffer.alloc(12), fileKey);
  const head = `${version}\n-> X25519 ${base64(share)}\n${base64(wrapped)}\n---`;
  const nonce = randomBytes(16);
  const chunk = seal(derive(fileKey, nonce, 'payload'), lastChunk, plain);
  return Buffer.concat([Buffer.from(`${head} ${base64(macOf(fileKey, head))}\n`), nonce, chunk]);
}

/** Throws when it is damaged, or was not wrapped to this identity. */
export function decrypt(identity: Identity, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  const headEnd = bytes.indexOf('\n---') + 4;
  const lineEnd = bytes.indexOf('\n', headEnd);
  const head = bytes.subarray(0, headEnd).toString('latin1');
  if (headEnd < 4 || lineEnd < 0 || !head.startsWith(`${version}\n`)) throw new Error('not of age');
  const fileKey = openStanzas(identity, head);
  const mac = Buffer.from(bytes.subarray(headEnd + 1, lineEnd).toString('latin1'), 'base64');
  const wanted = macOf(fileKey, head);
  if (mac.length !== wanted.length || !timingSafeEqual(mac, wanted)) throw new Error('altered');
  const nonce = bytes.subarray(lineEnd + 1, lineEnd + 17);
  return open(derive(fileKey, nonce, 'payload'), lastChunk, bytes.subarray(lineEnd + 17));
}

function openStanzas(identity: Identity, head: string): Buffer {
  const privateKey = privateKeyOf(identity.secret);
  const own = rawPublic(privateKey);
  for (const [, share = '', body = ''] of head.matchAll(/^-> X25519 (\S{43})\n(\S{43})$/gm)) {
    const point = Buffer.from(share, 'base64');
    const shared = diffieHellman({ privateKey, publicKey: publicKeyOf(point) });
    try {
      return open(wrapKey(shared, point, own), Buffer.alloc(12), Buffer.from(body, 'base64'));
    } catch {
      // For another recipient.
    }
  }
  throw new Error('wrapped to another key');
}

/** Eleven bytes of counter, and the flag of the last chunk. */
const lastChunk = Buffer.concat([Buffer.alloc(11), Buffer.from([1])]);

function wrapKey(shared: Uint8Array, share: Uint8Array, recipient: Uint8Array): Buffer {
  return derive(shared, Buffer.concat([share, recipient]), `${version}/X25519`);
}

function macOf(fileKey: Buffer, head: string): Buffer {
  const key = derive(fileKey, Buffer.alloc(0), 'header');
  return createHmac('sha256', key).update(head).digest();
}

export function derive(key: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32));
}

function seal(key: Buffer, nonce: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function privateKeyOf(secret: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(point: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spki, point]), format: 'der', type: 'spki' });
}

function rawPublic(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
