import type { RequestContext } from '../platform/index.ts';
import { findFault } from './evidence/find-fault.ts';
import { listEvidenceKeys, SIGNED_TYPES, type SignedEvidence } from './evidence/signed-evidence.ts';

/** Why a kept run must not be shown, with what to do; null when the key service signed it. */
export async function faultOfRun(
  { platform, clock }: Pick<RequestContext, 'platform' | 'clock'>,
  run: SignedEvidence,
): Promise<string | null> {
  const keys = await listEvidenceKeys(platform.vault);
  const fault = findFault(run, { keys, type: SIGNED_TYPES.controls, now: clock.now() });
  return (
    fault &&
    `What is kept of the last verification ${fault}. Run the verification again; if that does not last, somebody else writes to the database.`
  );
}
