import { recordOnPlatform } from '../audit/index.ts';
import { AppError, newId, type LiveCheck, type RequestContext } from '../platform/index.ts';
import { readHostKey, readStatements, type HostStatement } from './evidence/read-host-key.ts';
import { SIGNED_TYPES, signEvidence, type SignedEvidence } from './evidence/signed-evidence.ts';
import { judgeControl } from './judge-control.ts';
import type { ControlProof } from './proofs/control-proof.ts';
import { readRegister, type Control } from './register.ts';
import { readReport, type ReportState, type RunningVersion } from './report/read-report.ts';
import { insertRun, listHostFindings, notePasses, replaceHostFindings } from './repo.ts';
import { runChecks } from './run-checks.ts';

export type TrustParts = {
  readonly checks: readonly LiveCheck[];
  /** The reviewed list. */
  readonly proofs: readonly ControlProof[];
  readonly running: RunningVersion;
  /** Where the installer laid the signed test report; null from sources. */
  readonly folder: string | null;
  /** The public key of the host's root; null where no host examines itself. */
  readonly hostKeyFile: string | null;
};

export type Wish = {
  /** Only these controls; all when it is empty. */
  readonly ids: readonly string[];
  /** What the installer found on the host; null when it was not asked now. */
  readonly host: readonly HostStatement[] | null;
};

/** A host is examined daily; what it said longer ago is no proof of today. */
const HOST_HOURS = 36;

/**
 * Runs the live checks, reads the signed test report, decides every control and has the result
 * signed by the key service. A run of all controls is kept for the trust page.
 */
export async function verifyControls(
  ctx: RequestContext,
  parts: TrustParts,
  { ids, host }: Wish,
): Promise<SignedEvidence> {
  const controls = chooseControls(ids);
  const chosen = new Set(controls.map(({ id }) => id));
  const live = await runChecks(
    ctx,
    parts.checks.filter(({ control }) => chosen.has(control)),
  );
  if (host !== null) await ctx.inControl((tx) => replaceHostFindings(tx, { ids, findings: host }));
  const said = readStatements(await ctx.inControl((tx) => listHostFindings(tx, HOST_HOURS)), {
    key: await readHostKey(parts.hostKeyFile),
    version: parts.running.version,
    now: ctx.clock.now(),
  });
  const proofs = new Map(parts.proofs.map((proof) => [proof.control, proof]));
  const known = { findings: [...live, ...said], report: await reportOf(parts) };
  const signed = await signEvidence(ctx.platform.vault, SIGNED_TYPES.controls, {
    version: parts.running.version,
    at: ctx.clock.now().toISOString(),
    controls: controls.map((control) => judgeControl(control, proofs.get(control.id), known)),
  });
  if (ids.length === 0) await keep(ctx, signed);
  return signed;
}

export function reportOf({ folder, running }: TrustParts): Promise<ReportState> {
  return readReport(folder, running);
}

function chooseControls(ids: readonly string[]): readonly Control[] {
  const all = readRegister();
  const unknown = ids.filter((id) => !all.some((control) => control.id === id));
  if (unknown.length > 0)
    throw new AppError('invalid_input', `There is no control ${unknown.join(', ')}`);
  return ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
}

async function keep(ctx: RequestContext, evidence: SignedEvidence): Promise<void> {
  const id = newId();
  const passed = evidence.controls.filter(({ status }) => status === 'pass');
  const failed = evidence.controls.filter(({ status }) => status === 'fail');
  await ctx.inControl(async (tx) => {
    await insertRun(tx, { id, evidence });
    await notePasses(
      tx,
      passed.map((result) => ({ control: result.id, at: result.checked_at ?? evidence.at })),
    );
    await recordOnPlatform(tx, ctx, {
      action: 'trust.verify',
      resourceType: 'trust_run',
      resourceId: id,
      after: { pass: passed.length, fail: failed.length },
    });
  });
  if (failed.length > 0)
    ctx.log.error('controls fail', { controls: failed.map((result) => result.id) });
}
