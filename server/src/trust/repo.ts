import type { ControlTx } from '../platform/index.ts';
import type { SignedEvidence } from './evidence/signed-evidence.ts';
import type { HostStatement } from './evidence/read-host-key.ts';

/** The page shows the last run; older ones are kept for whoever asks what was true then. */
const RUNS_KEPT = 400;

export async function insertRun(
  tx: ControlTx,
  run: { id: string; evidence: SignedEvidence },
): Promise<void> {
  const { at, version } = run.evidence;
  await tx.execute(
    'insert into control.trust_runs (id, at, version, evidence) values ($1, $2, $3, $4)',
    [run.id, at, version, JSON.stringify(run.evidence)],
  );
  await tx.execute(
    `delete from control.trust_runs old where old.id in (
       select run.id from control.trust_runs run order by run.at desc, run.id desc offset $1)`,
    [RUNS_KEPT],
  );
}

export async function findLastRun(tx: ControlTx): Promise<SignedEvidence | undefined> {
  const rows = await tx.query<{ evidence: SignedEvidence }>(
    `select run.evidence from control.trust_runs run where not run.earlier
     order by run.at desc, run.id desc limit 1`,
  );
  return rows[0]?.evidence;
}

/**
 * What the host says now of these controls (of all, when none is named) takes the place of what it
 * said before: a check that is no longer made leaves nothing behind.
 */
export async function replaceHostFindings(
  tx: ControlTx,
  { ids, findings }: { ids: readonly string[]; findings: readonly HostStatement[] },
): Promise<void> {
  await tx.execute(
    `delete from control.host_findings finding
     where cardinality($1::text[]) = 0 or finding.control = any($1::text[])`,
    [ids],
  );
  await tx.execute(
    `insert into control.host_findings (control, name, status, evidence, at, version, signature)
     select control, name, status, evidence, at, version, signature
     from jsonb_to_recordset($1) as finding(control text, name text, status text, evidence text,
       at timestamptz, version text, signature text)`,
    [JSON.stringify(findings.map(({ host, ...finding }) => ({ ...finding, name: host })))],
  );
}

/** What the host said, no longer ago than `hours`; who wrote it is for its signature to say. */
export async function listHostFindings(tx: ControlTx, hours: number): Promise<HostStatement[]> {
  const rows = await tx.query<Omit<HostStatement, 'at'> & { at: Date }>(
    `select finding.control, finding.name as host, finding.status, finding.evidence, finding.at,
       finding.version, finding.signature
     from control.host_findings finding where finding.at > now() - make_interval(hours => $1)`,
    [hours],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function notePasses(
  tx: ControlTx,
  passes: readonly { control: string; at: string }[],
): Promise<void> {
  await tx.execute(
    `insert into control.control_passes (control, passed_at)
     select control, at from jsonb_to_recordset($1) as pass(control text, at timestamptz)
     on conflict (control) do update set passed_at = excluded.passed_at
       where control_passes.passed_at < excluded.passed_at`,
    [JSON.stringify(passes)],
  );
}

export async function listPasses(tx: ControlTx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ control: string; at: Date }>(
    'select pass.control, pass.passed_at as at from control.control_passes pass',
  );
  return new Map(rows.map(({ control, at }) => [control, at.toISOString()]));
}
