import type { RequestContext } from '../../platform/index.ts';
import { findFault } from '../evidence/find-fault.ts';
import { listEvidenceKeys, SIGNED_TYPES } from '../evidence/signed-evidence.ts';
import { agreesWithItself, type SignedEgress } from './egress-report.ts';
import { findLastEgressReport } from './repo.ts';

export type EgressReading = {
  /** Null when there is none, or when it must not be believed. */
  readonly report: SignedEgress | null;
  /** Why what is kept must not be believed, with what to do. */
  readonly fault: string | null;
};

/** The last report, if the key service signed it as one and it is not dated in the future. */
export async function readEgressReport(ctx: RequestContext): Promise<EgressReading> {
  const report = await ctx.inControl(findLastEgressReport);
  if (!report) return { report: null, fault: null };
  const keys = await listEvidenceKeys(ctx.platform.vault);
  const now = ctx.clock.now();
  const found = agreesWithItself(report)
    ? findFault(report, { keys, type: SIGNED_TYPES.egress, now })
    : 'says other than its figures';
  if (found === null) return { report, fault: null };
  const fault = `What is kept of the last egress report ${found}. Run \`casemate egress verify\` again; if that does not last, somebody else writes to the database.`;
  return { report: null, fault };
}
