import { randomToken } from '../random-token.ts';

/** By which scanners of secrets and people know such a key; never part of what is secret of it. */
const PREFIX = 'cmk_';
const SHAPE = /^cmk_[\w-]{43}$/;

/** 256 random bits behind a prefix of its own. */
export function newKeyToken(): string {
  return PREFIX + randomToken();
}

/** Tells a key from an access token, which has dots and no prefix. */
export function isKeyToken(token: string): boolean {
  return SHAPE.test(token);
}
