import type { LiveCheck } from '../platform/index.ts';
import { findLatestReport } from './repo/runs.ts';

const FRESH_DAYS = 7;

/** Whether the last test of exactly this version is clean and not older than a week. */
export function isolationChecks(version: string): readonly LiveCheck[] {
  return [
    {
      control: 'ISO-09',
      examines: `The latest isolation test of this version: no leak, every twin, all catalogs, at most ${FRESH_DAYS} days old.`,
      run: async (ctx) => {
        const run = await ctx.inControl(findLatestReport);
        const report = run?.report;
        if (!run || !report) return fail('There is no report yet; run `casemate isolation test`');
        if (report.version !== version)
          return fail(`The last report is of ${report.version}; run \`casemate isolation test\``);
        const days = (ctx.clock.now().getTime() - Date.parse(report.at)) / 86_400_000;
        const said = `${report.attempts} attempts, ${report.twins} twins, ${report.leaks.length} leaks, ${report.not_shown.length} not shown`;
        if (!(days <= FRESH_DAYS)) return fail(`${said}, but ${Math.floor(days)} days old`);
        if (!report.ok || report.skipped.length > 0 || report.leaks.length > 0) return fail(said);
        return { status: 'pass', evidence: `${said}, ${report.at}` };
      },
    },
  ];
}

function fail(evidence: string): { status: 'fail'; evidence: string } {
  return { status: 'fail', evidence };
}
