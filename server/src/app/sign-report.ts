import type { JudgeReport, SignReport } from '../isolation/index.ts';
import { findFault, listEvidenceKeys, SIGNED_TYPES, signEvidence } from '../trust/index.ts';
import type { SignDeletion } from '../tenancy/index.ts';
import type { Parts } from './parts.ts';

/** Signs a report as every evidence of this appliance is signed. */
export function reportSigner({ platform }: Pick<Parts, 'platform'>): SignReport {
  return (report) => signEvidence(platform.vault, SIGNED_TYPES.isolation, report);
}

/** The certificate of a deletion, signed as every evidence is. */
export const signDeletion: SignDeletion = ({ platform }, statement) =>
  signEvidence(platform.vault, SIGNED_TYPES.deletion, statement);

/** Looks whether a stored report bears that signature, as a report of the isolation test. */
export const judgeReport: JudgeReport = async ({ platform, clock }, report) => {
  const keys = await listEvidenceKeys(platform.vault);
  const signed = report as Parameters<typeof findFault>[0];
  return findFault(signed, { keys, type: SIGNED_TYPES.isolation, now: clock.now() });
};
