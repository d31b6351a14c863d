import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { GATES } from '../../../../scripts/test/gates.ts';
import { madeUpReport } from './made-up-report.ts';
import { readReport, type ReportState } from './read-report.ts';
import { REQUIRED_GATES } from './required-gates.ts';
import type { TestReport } from './test-report.ts';

const signer = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const folder = mkdtempSync(join(tmpdir(), 'trust-'));
const running = { version: '0.1.0', builtFrom: 'c'.repeat(64) };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lay(report: TestReport, key: KeyObject = signer.privateKey, release: object = {}): void {
  const bytes = Buffer.from(JSON.stringify(report));
  const put = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  put('test-report.json', bytes);
  put('test-report.sig', sign(null, bytes, key).toString('base64'));
  const { version, sources, checkout } = madeUpReport();
  const pem = signer.publicKey.export({ type: 'spki', format: 'pem' });
  put(
    'release.json',
    JSON.stringify({ format: 1, version, sources, checkout, signer: pem, ...release }),
  );
}
const read = () => readReport(folder, running);
const reasonOf = (state: ReportState): string => (state.fits ? 'fits' : state.reason);

describe('the signed test report', () => {
  it('TRU-01: is taken when it is signed and of the whole of this version', async () => {
    lay(madeUpReport());
    expect(await read()).toMatchObject({ fits: true, report: { commit: 'a'.repeat(40) } });
  });

  it('TRU-02: refuses one that was altered after it was signed, by a single byte', async () => {
    lay({ ...madeUpReport(), tests: [{ file: 'x', name: 'ISO-05: a', outcome: 'failed' }] });
    const file = join(folder, 'test-report.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"failed"', '"passed"'));
    expect(reasonOf(await read())).toContain('not signed by the key');
  });

  it('TRU-02: refuses one from which a test was removed', async () => {
    const report = madeUpReport();
    lay(report);
    writeFileSync(join(folder, 'test-report.json'), JSON.stringify({ ...report, tests: [] }));
    expect(reasonOf(await read())).toContain('not signed by the key');
  });

  it("TRU-02: refuses a stranger's signature, and a key of another kind", async () => {
    lay(madeUpReport(), stranger.privateKey);
    expect(reasonOf(await read())).toContain('not signed by the key');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    lay(madeUpReport(), signer.privateKey, {
      signer: rsa.publicKey.export({ type: 'spki', format: 'pem' }),
    });
    expect(reasonOf(await read())).toContain('not signed by the key');
  });

  it.each<[string, Partial<TestReport>, string]>([
    ['of other sources', { sources: 'e'.repeat(64) }, 'other sources'],
    ['of another checkout', { checkout: 'e'.repeat(64) }, 'other sources'],
    ['of another version', { version: '0.0.9' }, 'is of 0.0.9'],
    ['of a checkout with changes', { dirty: true }, 'no commit holds'],
    ['of a run that was narrowed', { full: false }, 'left gates or tests out'],
    ['that lacks a gate', { gates: madeUpReport().gates.slice(1) }, 'lacks the gates secrets'],
    ['without any test', { tests: [] }, 'holds no test'],
    ['of another form', { format: 2 as 1 }, 'damaged'],
  ])('TRU-02: refuses one %s, although it is signed', async (_what, change, reason) => {
    lay({ ...madeUpReport(), ...change });
    expect(reasonOf(await read())).toContain(reason);
  });

  it('TRU-02: refuses one of the sources that another build was made from', async () => {
    lay(madeUpReport());
    const other = { ...running, builtFrom: 'e'.repeat(64) };
    expect(reasonOf(await readReport(folder, other))).toContain('another version');
  });

  it('TRU-02: says what to do where there is none, or no installation', async () => {
    expect(reasonOf(await readReport(join(folder, 'none'), running))).toMatch(
      /^there is no test report.*run \.\/scripts\/test\.sh/,
    );
    expect(reasonOf(await readReport(null, running))).toContain('runs from its sources');
    expect(reasonOf(await readReport(folder, { ...running, builtFrom: null }))).toContain(
      'sources',
    );
  });

  it('TRU-02: asks for every gate that a full run has', () => {
    const always = GATES.filter(({ slow }) => !slow).map(({ name }) => name);
    expect([...REQUIRED_GATES].sort()).toEqual(always.sort());
  });
});
