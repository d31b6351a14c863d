import type { EvidenceKey, Signed, SignedType } from './signed-evidence.ts';
import { verifyEvidence } from './signed-evidence.ts';

/** Clocks of one appliance differ by less; a later date than that was made up. */
const SKEW_MS = 5 * 60_000;

export type Reading = {
  readonly keys: readonly EvidenceKey[];
  readonly type: SignedType;
  readonly now: Date;
};

/**
 * Why a stored text must not be believed: it does not bear the appliance's signature as a text of this
 * kind, or it is dated in the future. Null when it may be. The words do not say what to do: the reader
 * knows what makes a new one.
 */
export function findFault(
  stored: Partial<Signed<{ at: string }>>,
  { keys, type, now }: Reading,
): string | null {
  if (!isSigned(stored) || !verifyEvidence(stored, keys, type))
    return 'does not bear the signature of this appliance, so somebody may have written it';
  return isOfTheFuture(stored.at, now) ? `is dated in the future (${stored.at})` : null;
}

/** A date that can't be read was not made by a clock, either. */
export function isOfTheFuture(at: string, now: Date): boolean {
  return !(Date.parse(at) <= now.getTime() + SKEW_MS);
}

function isSigned(stored: Partial<Signed<{ at: string }>>): stored is Signed<{ at: string }> {
  return typeof stored.signature?.value === 'string';
}
