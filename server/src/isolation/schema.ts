import { z } from 'zod';
import { CATALOGS, KINDS } from './report.ts';
import type { Run } from './repo/runs.ts';

const kind = z.enum(KINDS);
const count = z.int().min(0);
const counts = z.object({
  attempts: count,
  twins: count,
  leaks: count,
  not_shown: count,
  seconds: z.number(),
});
const covered = z.object({ covered: count, of: count, missing: z.array(z.string()) });

/** What the test found; the same shape as `casemate isolation test --json` prints. */
export const reportSchema = z.object({
  type: z.string().optional(),
  ok: z.boolean(),
  version: z.string(),
  at: z.iso.datetime(),
  seconds: z.number(),
  attempts: count,
  twins: count,
  leaks: z.array(
    z.object({
      kind,
      attempt: z.string(),
      what: z.string(),
      bytes: count,
      rows: count,
      effects: count,
    }),
  ),
  bytes: count,
  rows: count,
  effects: count,
  not_shown: z.array(z.object({ kind, attempt: z.string(), why: z.string() })),
  coverage: z.record(z.enum(CATALOGS), covered),
  by_kind: z.record(kind, counts),
  skipped: z.array(kind),
  signature: z.object({ algorithm: z.string(), key: z.string(), value: z.string() }).optional(),
});

export const runSchema = z.object({
  id: z.uuid(),
  version: z.string(),
  origin: z.enum(['command', 'dashboard', 'test']),
  state: z.enum(['running', 'done', 'failed', 'abandoned']),
  step: z.string(),
  attempts: count,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  ok: z.boolean().nullable(),
  error: z.string().nullable(),
  report: reportSchema.nullable(),
});

export function presentRun(run: Run): z.input<typeof runSchema> {
  const { startedAt, finishedAt, report, ...rest } = run;
  return {
    ...rest,
    report: report as z.input<typeof reportSchema> | null,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
