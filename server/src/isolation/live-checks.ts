import type { LiveCheck } from '../platform/index.ts';
import type { JudgeReport } from './judge-report.ts';
import { findLatestReport } from './repo/runs.ts';

const FRESH_DAYS = 7;

/** Whether the last test of exactly this version is signed, clean and not older than a week. */
export function isolationChecks(version: string, judge: JudgeReport): readonly LiveCheck[] {
  return [
    {
      control: 'ISO-09',
      examines: `The latest isolation test of this version: no leak, every twin, all catalogs, at most ${FRESH_DAYS} days old.`,
      run: async (ctx) => {
        const run = await ctx.inControl(findLatestReport);
        const report = run?.report;
        if (!run || !report) return notTried('There is no report yet');
        const fault = await judge(ctx, report);
        if (fault !== null)
          return fail(`The last report ${fault}; run \`casemate isolation test\``);
        if (report.version !== version) return notTried(`The last report is of ${report.version}`);
        const days = (ctx.clock.now().getTime() - Date.parse(report.at)) / 86_400_000;
        const said = `${report.attempts} attempts, ${report.twins} twins, ${report.leaks.length} leaks, ${report.not_shown.length} not shown`;
        if (!report.ok || report.skipped.length > 0 || report.leaks.length > 0) return fail(said);
        if (!(days <= FRESH_DAYS)) return notTried(`${said}, but ${Math.floor(days)} days old`);
        return { status: 'pass', evidence: `${said}, ${report.at}` };
      },
    },
  ];
}

function fail(evidence: string): { status: 'fail'; evidence: string } {
  return { status: 'fail', evidence };
}

/** What was not tried lately shows as missing: it has neither passed nor failed. */
function notTried(why: string): { status: 'not_applicable'; evidence: string } {
  return { status: 'not_applicable', evidence: `${why}; run \`casemate isolation test\`` };
}
