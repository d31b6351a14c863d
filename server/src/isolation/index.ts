/**
 * Room `isolation` (floor 7): the appliance attacks its own tenants.
 * Owns the isolation test: its two canary tenants, the attempts that it generates from the route
 * table, the queue, the streams and the catalogs of database, keys and files, and its reports.
 * Promises: an attempt counts only when its rightful twin succeeds, what a catalog names and nobody
 * attacks fails the test, and the canaries are removed whatever happens to it.
 */
export type { JudgeReport } from './judge-report.ts';
export { makingContext } from './canaries/making-context.ts';
export { isolationChecks } from './live-checks.ts';
export { CATALOGS, KINDS, type Kind, type Report, type SignedReport } from './report.ts';
export { findLatestReport } from './repo/runs.ts';
export { isolationRoutes, type StartTest } from './routes.ts';
export type { Subject } from './subject.ts';
export { startIsolationKeeper, sweepRuns } from './sweep-runs.ts';
export { searchedLogSchema } from './add-logs.ts';
export { addLogsToRun, beginRun, testIsolation, type SignReport } from './test-isolation.ts';
export type { Planted } from './run-self-test.ts';
