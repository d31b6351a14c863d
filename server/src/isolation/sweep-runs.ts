import type { RequestContext } from '../platform/index.ts';
import { dropTenant } from '../tenancy/index.ts';
import { removeCanaries } from './canaries/remove-canaries.ts';
import { abandonRuns, listStrays, listUnclean } from './repo/runs.ts';

/** A run says every five seconds that it lives. */
const SILENT_SECONDS = 60;
/** No test takes so long: its process hangs, or its host stood still. */
const LOST_SECONDS = 3_600;
const STRAY_MINUTES = 30;
const RUN_SILENCE = { silentSeconds: SILENT_SECONDS, lostSeconds: LOST_SECONDS };
const EVERY_MS = 60_000;

/** Removes what tests left that were killed: before each test, at start, and every minute. */
export async function sweepRuns(ctx: RequestContext): Promise<void> {
  await ctx.inControl((tx) => abandonRuns(tx, RUN_SILENCE));
  for (const runId of await ctx.inControl(listUnclean)) await removeCanaries(ctx, runId);
  for (const id of await ctx.inControl((tx) => listStrays(tx, STRAY_MINUTES)))
    await dropTenant(ctx, id).catch((error: unknown) =>
      ctx.log.warn('a stray tenant of a check could not be removed', { error }),
    );
}

export function startIsolationKeeper(ctx: RequestContext): { stop(): Promise<void> } {
  let round: Promise<void> = Promise.resolve();
  const again = (): void => {
    round = round
      .then(() => sweepRuns(ctx))
      .catch((error: unknown) => ctx.log.warn('old isolation tests could not be swept', { error }));
  };
  again();
  const timer = setInterval(again, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return round;
    },
  };
}
