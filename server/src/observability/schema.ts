import { z } from 'zod';

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), z.number());

export const overviewSchema = z.object({
  /** When this process last looked; null in its first seconds. */
  lookedAt: z.iso.datetime().nullable(),
  parts: z.record(z.string(), z.boolean()).nullable(),
  keyServiceSealed: z.boolean().nullable(),
  diskFreeRatio: z.number().nullable(),
  /** Null where the logs are not on a disk of this host. */
  logDiskFreeRatio: z.number().nullable(),
  certificateSeconds: z.number().int().nullable(),
  jobs: z.object({ waiting: count, oldestSeconds: count }).nullable(),
  lockouts: count.nullable(),
  tenants: counts.nullable(),
  controls: counts.nullable(),
  auditChainBroken: z.boolean().nullable(),
  egressSilent: z.boolean().nullable(),
  secrets: counts.nullable(),
  /** Null where no backup has been set up, or none has succeeded. */
  backupSeconds: z.number().int().nullable(),
  mailed: z.boolean(),
  alerts: z.array(
    z.object({
      name: z.string(),
      of: z.string(),
      severity: z.enum(['critical', 'warning']),
      summary: z.string(),
      /** The page of the documentation that says what to do. */
      runbook: z.string(),
      since: z.iso.datetime(),
      resolvedAt: z.iso.datetime().nullable(),
    }),
  ),
  /** The last hour of the process that answers, minute by minute. */
  minutes: z.array(
    z.object({
      at: z.iso.datetime(),
      requests: count,
      errors: count,
      signInFailures: count,
      meanMs: count,
    }),
  ),
});

export type Overview = z.infer<typeof overviewSchema>;
