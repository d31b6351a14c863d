import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Config, Subject } from '../../platform/index.ts';
import { addressOf } from '../address-of.ts';

/** The address as budgets know it: an IPv6 customer has a whole /64 to choose from. */
export function addressKey(request: Request): string {
  return ipKeyGenerator(addressOf(request) ?? 'unknown', 64);
}

/** The e-mail that the body names, in one spelling; nothing when it names none. */
export function emailOf(request: Request): string | undefined {
  const { email } = (request.body ?? {}) as { email?: unknown };
  return typeof email === 'string' && email.length <= 254 ? email.toLowerCase() : undefined;
}

/**
 * The connection whose directory is asked, where one is. What such a directory takes for right must not
 * forget the wrong passwords of the account here that has the same address.
 */
export function connectionOf(request: Request): string | undefined {
  const { connection } = (request.body ?? {}) as { connection?: unknown };
  return typeof connection === 'string' ? connection.slice(0, 36) : undefined;
}

/**
 * What a sign-in is counted against. Of an e-mail from one address no more than the limit are ever
 * tried; an address may have twice its limit on the way, since an office signs in at nine. A known
 * browser stands for itself, so that nobody elsewhere, and nobody beside it, can lock it.
 */
export function subjectsOf(config: Config, { address, email, group }: Signing): Subject[] {
  const pair = config.CASEMATE_SIGN_IN_ATTEMPTS;
  const account = config.CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT;
  const many = config.CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS;
  if (group !== undefined)
    return [
      { kind: 'pair', subject: digest(`${email}|known ${group}`), limit: pair, together: pair },
    ];
  return [
    { kind: 'pair', subject: digest(`${email}|${address}`), limit: pair, together: pair },
    { kind: 'account', subject: digest(email), limit: account, together: account },
    { kind: 'address', subject: digest(address), limit: many, together: 2 * many },
  ];
}

type Signing = {
  address: string;
  email: string;
  /** Of a browser in which this e-mail has signed in before. */
  group: number | undefined;
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
