import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { listEvidenceKeys, SIGNED_TYPES, verifyEvidence } from '../evidence/signed-evidence.ts';
import { egressCheck } from './check-egress.ts';
import type { EgressReport } from './egress-report.ts';
import { keepEgressReport } from './keep-egress-report.ts';
import { findLastEgressReport } from './repo.ts';

const VERSION = '0.1.0';

function silent(more: Partial<EgressReport> = {}): EgressReport {
  return {
    ...{ ok: true, valid: true, mode: 'sealed', version: VERSION, at: new Date().toISOString() },
    ...{ seconds: 400, packets: 0, names: 0, canary_caught: true, networks: 3 },
    by_process: { casemate: { packets: 0, names: 0 } },
    ...{ destinations: [], asked: [], declared: [], phases: [] },
    canaries: [{ account: 'casemate', network: 'host', address: true, name: true }],
    ...more,
  };
}
const called = (): EgressReport =>
  silent({ ok: false, packets: 2, by_process: { casemate: { packets: 2, names: 0 } } });
const blind = (): EgressReport =>
  silent({
    ...{ ok: false, valid: false, canary_caught: false },
    canaries: [{ account: 'casemate', network: 'host', address: true, name: false }],
  });

describe('reports of what leaves', () => {
  let appliance: TestAppliance;
  const ctx = () => appliance.contextOf(null, null);
  const check = () => egressCheck(VERSION).run(ctx());

  beforeAll(async () => {
    appliance = await startAppliance();
  });
  afterAll(() => appliance.stop());

  it('DEP-07: nothing counted yet is no proof', async () => {
    expect(await check()).toMatchObject({ status: 'not_applicable' });
  });

  it('DEP-07: one that says other than its figures is refused', async () => {
    for (const more of [
      { ok: true, packets: 2, by_process: { casemate: { packets: 2, names: 0 } } },
      { packets: 0, by_process: { casemate: { packets: 2, names: 0 } } },
      { names: 0, by_process: { casemate: { packets: 0, names: 1 } } },
      { canaries: [] },
      { canaries: blind().canaries },
    ])
      await expect(keepEgressReport(ctx(), silent(more))).rejects.toThrow('other than its figures');
  });

  it('DEP-07: fails when something left', async () => {
    await keepEgressReport(ctx(), called());
    const found = await check();
    expect(found.status).toBe('fail');
    expect(found.evidence).toContain('2 packets and 0 names');
  });

  it('DEP-07: fails when a canary got out unseen', async () => {
    await keepEgressReport(ctx(), blind());
    const found = await check();
    expect(found.status).toBe('fail');
    // Not as something that left: then the figures would be believed.
    expect(found.evidence).toContain('A canary got out unseen');
  });

  it('DEP-07: one of another version, or older than a month, is no proof', async () => {
    await keepEgressReport(ctx(), silent({ version: '0.0.9' }));
    expect(await check()).toMatchObject({ status: 'not_applicable' });
    await appliance.superuser.query('delete from control.egress_reports');
    const at = new Date(Date.now() - 40 * 86_400_000).toISOString();
    await keepEgressReport(ctx(), silent({ at }));
    expect(await check()).toMatchObject({ status: 'not_applicable' });
  });

  it('DEP-07: holds for a silent one as it was signed, and fails when a byte of it was changed', async () => {
    const signed = await keepEgressReport(ctx(), silent());
    const keys = await listEvidenceKeys(ctx().platform.vault);
    expect(verifyEvidence(signed, keys, SIGNED_TYPES.egress)).toBe(true);
    expect(await ctx().inControl(findLastEgressReport)).toEqual(signed);
    expect(await check()).toMatchObject({ status: 'pass' });
    await appliance.superuser.query(
      `update control.egress_reports set report = jsonb_set(report, '{seconds}', '9999')`,
    );
    expect(await check()).toMatchObject({ status: 'fail' });
  });
});
