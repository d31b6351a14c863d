import type { ControlTx } from '../../platform/index.ts';
import type { SignedEgress } from './egress-report.ts';

/** The page shows the last; older ones say what was true then. */
const KEPT = 100;

export async function insertEgressReport(
  tx: ControlTx,
  { id, report }: { id: string; report: SignedEgress },
): Promise<void> {
  await tx.execute(
    `insert into control.egress_reports (id, at, version, mode, ok, report)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, report.at, report.version, report.mode, report.ok, JSON.stringify(report)],
  );
  await tx.execute(
    `delete from control.egress_reports old where old.id in (
       select kept.id from control.egress_reports kept order by kept.at desc, kept.id desc offset $1)`,
    [KEPT],
  );
}

export async function findLastEgressReport(tx: ControlTx): Promise<SignedEgress | undefined> {
  const rows = await tx.query<{ report: SignedEgress }>(
    'select kept.report from control.egress_reports kept order by kept.at desc, kept.id desc limit 1',
  );
  return rows[0]?.report;
}
