import type { RequestContext } from '../platform/index.ts';
import { faultOfRun } from './fault-of-run.ts';
import { findLastRun } from './repo.ts';

/** What the last verification of this version found, by status; null without one to be believed. */
export async function readControlStatuses(
  ctx: RequestContext,
  version: string,
): Promise<{ byStatus: Record<string, number>; failing: string[] } | null> {
  const run = await ctx.inControl(findLastRun);
  if (run?.version !== version || (await faultOfRun(ctx, run)) !== null) return null;
  const byStatus: Record<string, number> = { pass: 0, fail: 0, missing: 0, not_applicable: 0 };
  for (const { status } of run.controls) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const failing = run.controls.filter(({ status }) => status === 'fail').map(({ id }) => id);
  return { byStatus, failing };
}
