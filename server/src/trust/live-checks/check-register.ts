import type { LiveCheck } from '../../platform/index.ts';
import {
  listEvidenceKeys,
  SIGNED_TYPES,
  signEvidence,
  verifyEvidence,
} from '../evidence/signed-evidence.ts';
import { faultOfRun } from '../fault-of-run.ts';
import { judgeControl } from '../judge-control.ts';
import { controlProofs } from '../proofs/index.ts';
import { readRegister } from '../register.ts';
import { findLastRun } from '../repo.ts';

/**
 * TRU-01: the key service signs evidence that its public key verifies, an altered copy does not, and
 * what is kept of the last run is still as it was signed.
 */
export const signatureCheck: LiveCheck = {
  control: 'TRU-01',
  examines: 'Signing by the key service, and the kept evidence of the last run.',
  run: async (ctx) => {
    const { vault } = ctx.platform;
    const [control] = readRegister();
    if (!control) return { status: 'fail', evidence: 'The register is empty.' };
    const known = { findings: [], report: { fits: false, reason: 'a probe' } } as const;
    const probe = await signEvidence(vault, SIGNED_TYPES.probe, {
      version: 'probe',
      at: ctx.clock.now().toISOString(),
      controls: [judgeControl(control, undefined, known)],
    });
    const keys = await listEvidenceKeys(vault);
    if (!verifyEvidence(probe, keys, SIGNED_TYPES.probe))
      return { status: 'fail', evidence: 'What the key service signs does not verify.' };
    if (verifyEvidence({ ...probe, version: 'altered' }, keys, SIGNED_TYPES.probe))
      return { status: 'fail', evidence: 'Altered evidence verifies.' };
    const { controls } = SIGNED_TYPES;
    if ([probe, { ...probe, type: controls }].some((one) => verifyEvidence(one, keys, controls)))
      return { status: 'fail', evidence: 'A probe verifies as evidence.' };
    const last = await ctx.inControl(findLastRun);
    const fault = last ? await faultOfRun(ctx, last) : null;
    if (fault !== null) return { status: 'fail', evidence: fault };
    const kept = last ? `, and so does what was kept at ${last.at}` : '';
    return {
      status: 'pass',
      evidence: `Evidence signed now verifies${kept}; altered it does not.`,
    };
  },
};

/**
 * TRU-02: with no finding and no report at hand nothing passes: each pass of a run therefore comes
 * from a proof that was made.
 */
export const registerCheck: LiveCheck = {
  control: 'TRU-02',
  examines: 'That no control passes without a proof, and that each proof names a control.',
  run: () => {
    const register = readRegister();
    const ids = new Set(register.map(({ id }) => id));
    const proofs = new Map(controlProofs.map((proof) => [proof.control, proof]));
    const known = { findings: [], report: { fits: false, reason: 'nothing was asked' } } as const;
    const cheap = register.filter(
      (control) => judgeControl(control, proofs.get(control.id), known).status !== 'missing',
    );
    const stray = controlProofs.filter(({ control }) => !ids.has(control));
    const faults = [...cheap.map(({ id }) => id), ...stray.map(({ control }) => control)];
    if (faults.length > 0 || proofs.size !== controlProofs.length)
      return Promise.resolve({
        status: 'fail',
        evidence: `Wrongly registered: ${faults.join(', ') || 'a control twice'}.`,
      });
    const partial = controlProofs.filter(({ partly }) => partly !== undefined).length;
    return Promise.resolve({
      status: 'pass',
      evidence: `${register.length} controls; ${register.length - proofs.size} without a proof and ${partial} with a part of one show as missing; without findings none passes.`,
    });
  },
};
