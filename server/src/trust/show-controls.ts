import type { RequestContext } from '../platform/index.ts';
import { listEvidenceKeys, type SignedEvidence } from './evidence/signed-evidence.ts';
import { readEgressReport } from './egress/read-egress-report.ts';
import { faultOfRun } from './fault-of-run.ts';
import { readRegister, type Control } from './register.ts';
import type { ReportState } from './report/read-report.ts';
import { findLastRun, listPasses } from './repo.ts';
import type { TrustPage } from './schema.ts';
import { reportOf, type TrustParts } from './verify-controls.ts';

type Row = TrustPage['controls'][number];

/** Every control with what the last verification of this version found; missing before the first. */
export async function showControls(ctx: RequestContext, parts: TrustParts): Promise<TrustPage> {
  const { version } = parts.running;
  const [run, passes, report, keys, egress] = await Promise.all([
    ctx.inControl(findLastRun),
    ctx.inControl(listPasses),
    reportOf(parts),
    listEvidenceKeys(ctx.platform.vault),
    readEgressReport(ctx),
  ]);
  const fault = run ? await faultOfRun(ctx, run) : null;
  const found = fault === null ? resultsOf(run, version) : new Map<string, Found>();
  return {
    version,
    egress: egress.report,
    egressFault: egress.fault,
    lastRun: run && fault === null ? { at: run.at, version: run.version } : null,
    report: describeReport(report),
    keys: [...keys],
    controls: readRegister().map((control) => ({
      ...describe(control, parts, report),
      ...(found.get(control.id) ?? notVerified(control, fault)),
      lastPassedAt: passes.get(control.id) ?? null,
    })),
  };
}

type Found = Pick<Row, 'status' | 'proof' | 'evidence' | 'checkedAt'>;

function resultsOf(run: SignedEvidence | undefined, version: string): Map<string, Found> {
  if (run?.version !== version) return new Map();
  return new Map(
    run.controls.map(({ id, checked_at: checkedAt, ...result }) => [id, { ...result, checkedAt }]),
  );
}

function notVerified({ kind }: Control, fault: string | null): Found {
  if (fault !== null) return { status: 'fail', proof: kind, evidence: fault, checkedAt: null };
  const evidence = 'Not verified on this version yet: run the verification.';
  return { status: 'missing', proof: kind, evidence, checkedAt: null };
}

function describe(
  { id, sources, kind, requirement }: Control,
  { checks }: TrustParts,
  report: ReportState,
): Omit<Row, keyof Found | 'lastPassedAt'> {
  const sabotages = report.fits ? report.report.sabotages : [];
  return {
    id,
    family: id.slice(0, id.indexOf('-')),
    sources: [...sources],
    kind,
    requirement,
    examines: checks.flatMap((check) => (check.control === id ? [check.examines] : [])),
    sabotages: sabotages
      .filter((sabotage) => sabotage.id === id)
      .map(({ what, outcome }) => ({ what, outcome })),
  };
}

function describeReport(state: ReportState): TrustPage['report'] {
  if (!state.fits)
    return {
      fits: false,
      reason: state.reason,
      commit: null,
      finishedAt: null,
      tests: 0,
      signer: null,
    };
  const { commit, finishedAt, tests } = state.report;
  return {
    fits: true,
    reason: null,
    commit,
    finishedAt,
    tests: tests.length,
    signer: state.signer,
  };
}
