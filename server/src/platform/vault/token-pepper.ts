import { createHmac, hkdfSync } from 'node:crypto';
import { AppError } from '../app-error.ts';
import { VaultError, type VaultClient } from './vault-client.ts';

/** What is authenticated, stored or drawn under the pepper: each has a key of its own. */
export type Peppered =
  | 'refresh-token'
  | 'mobile-refresh-token'
  | 'setup-link'
  | 'device'
  | 'prompt'
  | 'account'
  | 'group'
  | 'group-member'
  | 'own-role'
  | 'directory-user'
  | 'api-key'
  | 'api-key-row'
  | 'session-factor'
  | 'factor-challenge'
  | 'factor-challenge-row'
  | 'webauthn-challenge'
  | 'recovery-code'
  | 'factor-reset'
  | 'sms-code'
  | 'sms-number'
  | 'invited-account'
  | 'deactivated-account'
  | 'membership'
  | 'custom-role'
  | 'visit'
  | 'visit-rule'
  | 'access-review'
  | 'feature-levels'
  | 'factor-rule'
  | 'invitation'
  | 'account-link'
  | 'account-link-seal'
  | 'connection'
  | 'external-subject'
  | 'external-identity'
  | 'provider-session'
  | 'sign-in-rules'
  | 'directory-index'
  | 'connection-consent'
  | 'email-domain-challenge'
  | 'email-domain'
  | 'sign-in-flow'
  | 'sign-in-flow-row'
  | 'sign-in-browser'
  | 'sign-in-nonce'
  | 'sign-in-verifier'
  | 'spent-assertion'
  | 'kept-answer';

/** Stands for a secret where the database keeps it: who holds only the database can make none. */
export type TokenPepper = {
  /** HMAC-SHA256, 32 bytes. */
  mac(purpose: Peppered, text: string): Buffer;
};

const KEY = 'transit/hmac/token-pepper/sha2-256';
const CONSTANT = Buffer.from('casemate token pepper 1').toString('base64');
const LENGTH = 32;

/**
 * Asks the key service once: the HMAC of a constant under the key `token-pepper`, which never leaves
 * it, is the pepper of this process; a key for each purpose is derived from it (RFC 5869). Kept in
 * memory alone, it spares a call for each token (decision 35).
 */
export async function readTokenPepper(vault: VaultClient): Promise<TokenPepper> {
  const pepper = await read(vault);
  const keys = new Map<Peppered, Buffer>();
  const keyOf = (purpose: Peppered): Buffer => {
    const key = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', pepper, '', purpose, LENGTH));
    keys.set(purpose, key);
    return key;
  };
  return { mac: (purpose, text) => createHmac('sha256', keyOf(purpose)).update(text).digest() };
}

/** Of a program that makes and takes no tokens, and may not ask for it. */
export const noTokenPepper: TokenPepper = {
  mac: () => {
    throw new AppError('internal', 'This program takes no tokens');
  },
};

async function read(vault: VaultClient): Promise<Buffer> {
  try {
    const { hmac } = await vault.write(KEY, { input: CONSTANT });
    const pepper = Buffer.from(String(hmac).split(':')[2] ?? '', 'base64');
    if (pepper.length === LENGTH) return pepper;
  } catch (error) {
    if (!(error instanceof VaultError) || ![400, 403, 404].includes(error.statusCode)) throw error;
    throw missing(error);
  }
  throw missing(undefined);
}

function missing(cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'The key service holds no key `token-pepper` for this program: bring it up to this version with `casemate install` or `casemate upgrade`',
    { cause },
  );
}
