import type { RequestContext } from '../platform/index.ts';
import type { SignedReport } from './report.ts';
import type { Run } from './repo/runs.ts';

/** Why a stored report must not be believed, as the end of a sentence about it; null when it may be. */
export type JudgeReport = (
  ctx: Pick<RequestContext, 'platform' | 'clock'>,
  report: SignedReport,
) => Promise<string | null>;

/** A run as it may be shown: one whose report nobody of this appliance signed has failed. */
export async function believeRun(ctx: RequestContext, run: Run, judge: JudgeReport): Promise<Run> {
  const fault = run.report && (await judge(ctx, run.report));
  if (!run.report || fault === null) return run;
  const error = `Its report ${fault}; run the isolation test again`;
  return { ...run, state: 'failed', ok: false, report: null, error };
}
