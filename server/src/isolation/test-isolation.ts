import { AppError, newId } from '../platform/index.ts';
import { removeCanaries } from './canaries/remove-canaries.ts';
import type { Kind, Report, SignedReport } from './report.ts';
import { addLogs, type SearchedLog } from './add-logs.ts';
import type { JudgeReport } from './judge-report.ts';
import { beat, findRun, insertRun, RUN_LOCK, settleRun } from './repo/runs.ts';
import { runSelfTest, type Planted } from './run-self-test.ts';
import type { Subject } from './subject.ts';
import { sweepRuns } from './sweep-runs.ts';

/** Signs a report with the key of the appliance that signs evidence. */
export type SignReport = (report: Report) => Promise<SignedReport>;

type Wish = {
  origin: 'command' | 'dashboard' | 'test';
  startedBy?: string | null;
  kinds?: readonly Kind[];
  sign?: SignReport;
  planted?: (planted: Planted) => void;
};

const BEAT_MS = 5_000;

/** Reserves the one run that may be under way. Throws not_allowed_now while there is another. */
export async function beginRun(
  subject: Pick<Subject, 'ctx' | 'version'>,
  wish: Wish,
): Promise<string> {
  await sweepRuns(subject.ctx);
  const id = newId();
  const run = {
    id,
    version: subject.version,
    origin: wish.origin,
    startedBy: wish.startedBy ?? null,
  };
  if (!(await subject.ctx.inControl((tx) => insertRun(tx, run))))
    throw new AppError(
      'not_allowed_now',
      'An isolation test is under way; wait until it has ended, or a minute if it was killed',
    );
  return id;
}

/**
 * The whole test: its report is kept, and its canaries are removed also when it fails. Who kills it
 * leaves canaries behind, which the next sweep removes.
 */
export async function testIsolation(
  subject: Subject,
  runId: string,
  wish: Wish,
): Promise<SignedReport> {
  const { ctx } = subject;
  const alive = setInterval(() => {
    ctx.inControl((tx) => beat(tx, { id: runId })).catch(() => undefined);
  }, BEAT_MS);
  const release = await ctx.platform.db.hold(RUN_LOCK);
  try {
    const found = await runSelfTest(subject, {
      runId,
      ...(wish.kinds ? { kinds: wish.kinds } : {}),
      ...(wish.planted ? { planted: wish.planted } : {}),
      progress: async (step, attempts) => {
        if (!(await ctx.inControl((tx) => beat(tx, { id: runId, step, attempts }))))
          throw givenUp();
      },
    });
    const report = (await wish.sign?.(found)) ?? found;
    if (!(await ctx.inControl((tx) => settleRun(tx, { id: runId, state: 'done', report }))))
      throw givenUp();
    return report;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    await ctx.inControl((tx) => settleRun(tx, { id: runId, state: 'failed', error: text }));
    throw error;
  } finally {
    clearInterval(alive);
    await removeCanaries(ctx, runId);
    await release?.();
  }
}

function givenUp(): AppError {
  return new AppError('not_allowed_now', 'This isolation test was given up; start another');
}

type AddingLogs = {
  runId: string;
  logs: readonly SearchedLog[];
  sign: SignReport;
  judge: JudgeReport;
};

/** Adds what the host found in the logs to the report of a run, and signs it anew. */
export async function addLogsToRun(
  { ctx }: Pick<Subject, 'ctx'>,
  { runId, logs, sign, judge }: AddingLogs,
): Promise<SignedReport> {
  const run = await ctx.inControl((tx) => findRun(tx, runId));
  if (!run?.report) throw new AppError('not_found', 'This isolation test has no report');
  // Else whoever writes the table had its own report signed.
  const fault = await judge(ctx, run.report);
  if (fault !== null)
    throw new AppError('not_allowed_now', `The report ${fault}; run the isolation test again`);
  const { signature: _signature, type: _type, ...found } = run.report;
  const report = await sign(addLogs(found, logs));
  await ctx.inControl((tx) => settleRun(tx, { id: runId, state: 'done', report }));
  return report;
}
