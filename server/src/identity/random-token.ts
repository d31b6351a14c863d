import { randomBytes } from 'node:crypto';

/** 256 random bits as base64url: refresh tokens, set-up links. The database keeps their HMAC. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
