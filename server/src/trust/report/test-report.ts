import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
const outcome = z.enum(['passed', 'failed', 'skipped']);

/** What `scripts/test.sh` writes of a run; `test-report.json`, signed over its exact bytes. */
export const testReportSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  /** Of the commit that was tested. */
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  tree: z.string().regex(/^[0-9a-f]{40,64}$/),
  /** Whether anything lay in the checkout that the commit does not hold, before or after the run. */
  dirty: z.boolean(),
  /** Over what the server is built from, as the installer counts it. */
  sources: sha256,
  /** Over the whole checkout, its tests and scripts included. */
  checkout: sha256,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Every gate and every test ran: no gate was picked, no path narrowed the suites. */
  full: z.boolean(),
  /** With `--all`. */
  all: z.boolean(),
  gates: z.array(
    z.strictObject({ name: z.string(), outcome, passed: count, failed: count, skipped: count }),
  ),
  tests: z.array(z.strictObject({ file: z.string(), name: z.string(), outcome })),
  sabotages: z.array(
    z.strictObject({
      id: z.string(),
      what: z.string(),
      test: z.string(),
      outcome: z.enum(['noticed', 'unnoticed', 'not_run']),
    }),
  ),
  /** Pages of the documentation that the checkout holds. */
  pages: z.array(z.string()),
});

export type TestReport = z.infer<typeof testReportSchema>;

/** What the installation was made from, written by the installer beside the report. */
export const releaseSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  sources: sha256,
  checkout: sha256,
  /** The key that a report must be signed with, pinned when this version was installed (PEM). */
  signer: z.string().startsWith('-----BEGIN PUBLIC KEY-----'),
});
