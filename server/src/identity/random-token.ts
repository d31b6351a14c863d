import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as base64url: refresh tokens, set-up links. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database stores of such a token; 256 random bits need no salt. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
