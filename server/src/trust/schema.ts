import { z } from 'zod';
import { signedEgressSchema } from './egress/egress-report.ts';

const status = z.enum(['pass', 'fail', 'missing', 'not_applicable']);

export const evidenceSchema = z.object({
  /** What the text is for; signed with it. */
  type: z.string(),
  version: z.string(),
  at: z.iso.datetime(),
  controls: z.array(
    z.object({
      id: z.string(),
      status,
      proof: z.string(),
      evidence: z.string(),
      checked_at: z.iso.datetime().nullable(),
    }),
  ),
  signature: z.object({
    algorithm: z.literal('Ed25519'),
    key: z.string(),
    value: z.string(),
  }),
});

/** Whether a verification runs now, and whether the last one could not be made. */
export const runStateSchema = z.object({ running: z.boolean(), failed: z.boolean() });

export const trustPageSchema = z.object({
  version: z.string(),
  /** The last count of what left this appliance, as it was signed; null before the first. */
  egress: signedEgressSchema.nullable(),
  /** Why what is kept of it must not be believed; null when it may be, or nothing is kept. */
  egressFault: z.string().nullable(),
  /** When all controls were last verified, and for which version; null before the first time. */
  lastRun: z.object({ at: z.iso.datetime(), version: z.string() }).nullable(),
  report: z.object({
    fits: z.boolean(),
    /** Why it is not used, and what to do; null when it is. */
    reason: z.string().nullable(),
    commit: z.string().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    tests: z.number().int(),
    signer: z.string().nullable(),
  }),
  keys: z.array(z.object({ id: z.string(), version: z.number().int(), pem: z.string() })),
  controls: z.array(
    z.object({
      id: z.string(),
      family: z.string(),
      sources: z.array(z.string()),
      kind: z.enum(['live', 'test', 'build', 'doc']),
      requirement: z.string(),
      status,
      proof: z.string(),
      evidence: z.string(),
      checkedAt: z.iso.datetime().nullable(),
      lastPassedAt: z.iso.datetime().nullable(),
      /** What the live checks examine. */
      examines: z.array(z.string()),
      /** Ways in which the control was broken on purpose, and whether its test noticed. */
      sabotages: z.array(
        z.object({ what: z.string(), outcome: z.enum(['noticed', 'unnoticed', 'not_run']) }),
      ),
    }),
  ),
});

export type TrustPage = z.infer<typeof trustPageSchema>;
