import type { Secret, SecretReading } from './secret.ts';

/** `overdue`: what should have happened did not. `unknown`: its store could not be asked. */
export type SecretState = 'current' | 'due' | 'overdue' | 'unknown';

const DAY_MS = 86_400_000;
/** A certificate is renewed this long before its end. */
export const RENEWED_BEFORE_DAYS = 30;
/** What the appliance rotates by itself may be late by this: it was switched off, or tries again. */
const GRACE_DAYS = 2;
/** What a person must do is announced this long before. */
const ANNOUNCED_DAYS = 14;

/** When it should be rotated next; null when only on request, or when its age is not known. */
export function nextRotation(secret: Secret, { madeAt, endsAt }: SecretReading): Date | null {
  if (endsAt) return new Date(endsAt.getTime() - RENEWED_BEFORE_DAYS * DAY_MS);
  if (secret.periodDays === null || madeAt === null) return null;
  return new Date(madeAt.getTime() + secret.periodDays * DAY_MS);
}

/** By the database's clock; whole days are far from what a wrong clock could change. */
export function stateOf(secret: Secret, reading: SecretReading, at: Date): SecretState {
  if (reading.count === 0) return 'current';
  const next = nextRotation(secret, reading);
  if (next === null) return secret.periodDays === null ? 'current' : 'unknown';
  const days = (at.getTime() - next.getTime()) / DAY_MS;
  const own = secret.rotatedBy === 'appliance';
  if (days > (own ? GRACE_DAYS : 0)) return 'overdue';
  return days >= (own ? 0 : -ANNOUNCED_DAYS) ? 'due' : 'current';
}
