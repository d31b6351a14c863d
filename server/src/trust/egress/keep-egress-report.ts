import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type RequestContext } from '../../platform/index.ts';
import { SIGNED_TYPES, signEvidence } from '../evidence/signed-evidence.ts';
import { agreesWithItself, type EgressReport, type SignedEgress } from './egress-report.ts';
import { insertEgressReport } from './repo.ts';

/** Has the report signed by the key service, and keeps it for the trust page. */
export async function keepEgressReport(
  ctx: RequestContext,
  report: EgressReport,
): Promise<SignedEgress> {
  if (!agreesWithItself(report))
    throw new AppError('invalid_input', 'The egress report says other than its figures');
  const signed = await signEvidence(ctx.platform.vault, SIGNED_TYPES.egress, report);
  const id = newId();
  await ctx.inControl(async (tx) => {
    await insertEgressReport(tx, { id, report: signed });
    await recordOnPlatform(tx, ctx, {
      action: 'trust.egress',
      resourceType: 'egress_report',
      resourceId: id,
      after: { ok: report.ok, packets: report.packets, names: report.names },
    });
  });
  if (!report.ok)
    ctx.log.error('something left this instance, or the egress test proves nothing', {
      packets: report.packets,
      names: report.names,
      canaryCaught: report.canary_caught,
    });
  return signed;
}
