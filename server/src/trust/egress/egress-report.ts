import { z } from 'zod';

const count = z.number().int().nonnegative();
const text = z.string().max(300);
const counts = z.strictObject({ packets: count, names: count });

/** What the installer counted (`casemate egress verify`); the published form, less its signature. */
export const egressReportSchema = z.strictObject({
  ok: z.boolean(),
  /** False when a canary was not caught: then nothing is proven. */
  valid: z.boolean(),
  mode: z.enum(['sealed', 'live']),
  version: z.string().max(40),
  at: z.iso.datetime(),
  seconds: count,
  packets: count,
  names: count,
  canary_caught: z.boolean(),
  by_process: z.record(text, counts),
  destinations: z.array(z.strictObject({ account: text, to: text, packets: count })).max(100),
  asked: z.array(z.strictObject({ account: text, name: text, times: count })).max(100),
  declared: z.array(z.strictObject({ to: text, packets: count })).max(1000),
  canaries: z
    .array(
      z.strictObject({ account: text, network: text, address: z.boolean(), name: z.boolean() }),
    )
    .max(1000),
  phases: z.array(counts.extend({ phase: text, seconds: count })).max(20),
  networks: count,
});

export type EgressReport = z.infer<typeof egressReportSchema>;

export const signedEgressSchema = egressReportSchema.extend({
  type: z.string(),
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    key: z.string(),
    value: z.string(),
  }),
});

export type SignedEgress = z.infer<typeof signedEgressSchema>;

/**
 * Whether the report says of itself what its figures say: one that claims to be clean beside packets,
 * names or a canary that went unseen is none.
 */
export function agreesWithItself(report: EgressReport): boolean {
  const caught =
    report.canaries.length > 0 && report.canaries.every(({ address, name }) => address && name);
  const each = Object.values(report.by_process);
  return (
    report.canary_caught === caught &&
    report.valid === caught &&
    report.packets === each.reduce((sum, { packets }) => sum + packets, 0) &&
    report.names === each.reduce((sum, { names }) => sum + names, 0) &&
    report.ok === (caught && report.packets === 0 && report.names === 0)
  );
}
