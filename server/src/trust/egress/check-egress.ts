import type { LiveCheck, LiveFinding } from '../../platform/index.ts';
import type { SignedEgress } from './egress-report.ts';
import { readEgressReport } from './read-egress-report.ts';

const FRESH_DAYS = 31;

/** DEP-07: the last count of what leaves, of exactly this version, signed, and not older than a month. */
export function egressCheck(version: string): LiveCheck {
  return {
    control: 'DEP-07',
    examines: `The last egress report of this version: its signature, its canaries, no packet and no name, at most ${FRESH_DAYS} days old.`,
    run: async (ctx) => {
      const { report, fault } = await readEgressReport(ctx);
      if (fault !== null) return fail(fault);
      if (!report) return notTried('Nothing was counted yet');
      if (report.version !== version) return notTried(`The last report is of ${report.version}`);
      return judgeReport(report, ctx.clock.now());
    },
  };
}

function judgeReport(report: SignedEgress, now: Date): LiveFinding {
  const { packets, names, canaries, seconds, mode, at } = report;
  if (!report.canary_caught)
    return fail('A canary got out unseen: the last egress report proves nothing');
  const said = `${packets} packets and ${names} names outside the allowlist in ${seconds} s (${mode}), ${canaries.length} canaries caught`;
  if (!report.ok) return fail(said);
  const days = (now.getTime() - Date.parse(at)) / 86_400_000;
  if (!(days <= FRESH_DAYS)) return notTried(`${said}, but ${Math.floor(days)} days old`);
  return { status: 'pass', evidence: `${said}, ${at}.` };
}

const fail = (evidence: string): LiveFinding => ({ status: 'fail', evidence });

/** What was not tried lately shows as missing: it has neither passed nor failed. */
const notTried = (why: string): LiveFinding => ({
  status: 'not_applicable',
  evidence: `${why}; run \`casemate egress verify\`.`,
});
