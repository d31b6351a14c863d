import { describe, expect, it } from '@jest/globals';
import { judgeControl, type Finding } from './judge-control.ts';
import type { ControlProof } from './proofs/control-proof.ts';
import type { Control } from './register.ts';
import type { ReportState } from './report/read-report.ts';
import { madeUpReport } from './report/made-up-report.ts';

const control = (kind: Control['kind']): Control => ({
  id: 'ISO-05',
  sources: ['S0'],
  kind,
  requirement: 'r',
});
const file = 'server/src/a.http.test.ts';
const name = 'guards ISO-05: refuses a foreign tenant';
type Test = ReturnType<typeof madeUpReport>['tests'][number];

function reportOf(...tests: Test[]): ReportState {
  return { fits: true, signer: 'f', report: { ...madeUpReport(), tests } };
}

const passed: Test = { file, name, outcome: 'passed' };
const byTest: ControlProof = {
  control: 'ISO-05',
  tests: [{ file, titles: ['refuses a foreign'] }],
};
const found = (status: Finding['status'], host: string | null = null): Finding => ({
  control: 'ISO-05',
  host,
  at: '2026-11-22T10:00:00.000Z',
  status,
  evidence: `it is ${status}.`,
});
const judgeTest = (report: ReportState, proof = byTest) =>
  judgeControl(control('test'), proof, { findings: [], report });
const judgeLive = (proof: Partial<ControlProof>, ...findings: Finding[]) =>
  judgeControl(
    control('live'),
    { control: 'ISO-05', ...proof },
    { findings, report: { fits: false, reason: 'none' } },
  );

describe('a control proven by tests', () => {
  it('TRU-02: is missing without an entry, whatever tests carry its id', () => {
    const report = reportOf(passed);
    expect(judgeControl(control('test'), undefined, { findings: [], report }).status).toBe(
      'missing',
    );
  });
  it('TRU-02: is missing while its proof is partial, even when all of that passed', () => {
    const partial = judgeTest(reportOf(passed), { ...byTest, partly: 'no agents yet.' });
    expect(partial).toMatchObject({ status: 'missing' });
    expect(partial.evidence).toContain('Partly: no agents yet.');
  });
  it('TRU-02: is missing when the report does not fit', () => {
    expect(judgeTest({ fits: false, reason: 'other sources' })).toMatchObject({
      status: 'missing',
      checked_at: null,
    });
  });
  it.each([
    ['a test was removed', []],
    ['it stands in another file', [{ ...passed, file: 'server/src/b.test.ts' }]],
    ['it was skipped', [{ ...passed, outcome: 'skipped' as const }]],
    [
      'another test of its id was skipped',
      [passed, { file: 'x', name: 'ISO-05: y', outcome: 'skipped' as const }],
    ],
    ['no test carries the id', [{ ...passed, name: 'refuses a foreign tenant' }]],
  ])('TRU-02: is missing when %s', (_what, tests) => {
    expect(judgeTest(reportOf(...tests)).status).toBe('missing');
  });
  it.each([
    ['its test failed', [{ ...passed, outcome: 'failed' as const }]],
    [
      'another test of its id failed',
      [passed, { file: 'x', name: 'ISO-05: y', outcome: 'failed' as const }],
    ],
    ['its file did not load', [passed, { file, name: '', outcome: 'failed' as const }]],
    [
      'one of many that begin so failed',
      [passed, { ...passed, name: `${name} 2`, outcome: 'failed' as const }],
    ],
  ])('TRU-02: fails when %s', (_what, tests) => {
    expect(judgeTest(reportOf(...tests)).status).toBe('fail');
  });
  it('TRU-01: passes with the whole proof, with the time of the run', () => {
    expect(judgeTest(reportOf(passed))).toEqual({
      id: 'ISO-05',
      status: 'pass',
      proof: 'test',
      evidence: `1 test(s) of ${file} passed.`,
      checked_at: madeUpReport().finishedAt,
    });
  });
});

describe('a control proven on the live system', () => {
  it.each([
    ['its check did not run', { live: 1 }, []],
    ['one of two did not run', { live: 2 }, [found('pass')]],
    ['the host was not examined', { live: 1, host: ['sockets'] }, [found('pass')]],
    ['only another check of the host ran', { host: ['sockets'] }, [found('pass', 'disk')]],
    ['its proof holds tests alone', { tests: [] }, []],
    ['not_applicable has no rule', { live: 1 }, [found('not_applicable')]],
  ])('TRU-02: is missing when %s', (_what, proof, findings) => {
    expect(judgeLive(proof, ...findings).status).toBe('missing');
  });
  it('TRU-02: fails when one of its checks fails, and says so although the proof is partial', () => {
    expect(judgeLive({ live: 2 }, found('pass'), found('fail')).status).toBe('fail');
    expect(judgeLive({ live: 1, partly: 'x' }, found('fail')).status).toBe('fail');
    expect(judgeLive({ host: ['sockets'] }, found('fail', 'sockets')).status).toBe('fail');
  });
  it('TRU-02: stands on the live system without a report, says so, and not on a bad report', () => {
    const proof = { live: 1, tests: [{ file, titles: ['refuses a foreign'] }] };
    const alone = judgeLive(proof, found('pass'));
    expect(alone.status).toBe('pass');
    expect(alone.evidence).toContain('Unknown by tests: none.');
    const judge = (...tests: Test[]) =>
      judgeControl(
        control('live'),
        { control: 'ISO-05', ...proof },
        { findings: [found('pass')], report: reportOf(...tests) },
      ).status;
    expect(judge(passed)).toBe('pass');
    expect(judge({ ...passed, outcome: 'failed' })).toBe('fail');
    expect(judge()).toBe('missing');
    expect(judgeLive(proof).status).toBe('missing');
  });
  it('TRU-02: fails without an entry too when a check of it fails, and never passes so', () => {
    const report = { fits: false, reason: 'none' } as const;
    const judge = (status: Finding['status']) =>
      judgeControl(control('live'), undefined, { findings: [found(status)], report }).status;
    expect(judge('fail')).toBe('fail');
    expect(judge('pass')).toBe('missing');
  });
  it('TRU-02: is not applicable by a rule that stands beside it', () => {
    const result = judgeLive({ live: 1, notApplicable: 'No GPU.' }, found('not_applicable'));
    expect(result).toMatchObject({ status: 'not_applicable' });
    expect(result.evidence).toContain('Rule: No GPU.');
  });
  it('TRU-01: passes when every check passed, as old as the oldest', () => {
    const old = { ...found('pass', 'sockets'), at: '2026-11-21T10:00:00.000Z' };
    expect(judgeLive({ live: 1, host: ['sockets'] }, found('pass'), old)).toMatchObject({
      status: 'pass',
      proof: 'live',
      checked_at: old.at,
    });
  });
});

describe('controls of other kinds', () => {
  const known = { findings: [], report: reportOf(passed) };
  it('TRU-02: a gate that was not run is no proof, and one that failed fails', () => {
    const proof = { control: 'ISO-05', gates: ['nothing'] };
    expect(judgeControl(control('build'), proof, known).status).toBe('missing');
    const failed = { control: 'ISO-05', gates: ['lint'] };
    const report = madeUpReport();
    const gates = report.gates.map((gate) => ({ ...gate, outcome: 'failed' as const }));
    const state = { fits: true as const, signer: 'f', report: { ...report, gates } };
    expect(judgeControl(control('build'), failed, { findings: [], report: state }).status).toBe(
      'fail',
    );
    expect(judgeControl(control('build'), failed, known).status).toBe('pass');
  });
  it('TRU-02: a page that is not there is no proof', () => {
    const proof = (page: string) => ({ control: 'ISO-05', pages: [page] });
    expect(judgeControl(control('doc'), proof('docs/none.md'), known).status).toBe('missing');
    expect(judgeControl(control('doc'), proof('docs/install.md'), known).status).toBe('pass');
  });
});
