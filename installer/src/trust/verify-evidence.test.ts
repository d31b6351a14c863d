import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plain } from '../terminal/terminal.ts';
import { evidenceTable } from './evidence-table.ts';
import {
  canonicalJson,
  keyId,
  verifyEvidence,
  type ControlRow,
  type SignedEvidence,
} from './verify-evidence.ts';

const own = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const pemOf = ({ publicKey }: typeof own) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();
const row = (id: string, status: ControlRow['status']): ControlRow => ({
  id,
  status,
  proof: 'live',
  evidence: `${id} é "x"`,
  checked_at: null,
});

function signed(pair = own, type = 'casemate.controls.1'): SignedEvidence {
  const controls = [row('ISO-01', 'fail'), row('ISO-02', 'pass'), row('MFA-01', 'missing')];
  const evidence = {
    type,
    version: '0.1.0',
    at: '2026-11-22T10:00:00.000Z',
    controls,
  };
  const value = sign(null, Buffer.from(canonicalJson(evidence)), pair.privateKey);
  const key = keyId(pair.publicKey);
  return {
    ...evidence,
    signature: { algorithm: 'Ed25519', key, value: value.toString('base64') },
  };
}

describe('saved evidence', () => {
  it.each<[string, (evidence: SignedEvidence) => SignedEvidence]>([
    [
      'a status changed',
      (e) => ({ ...e, controls: [row('ISO-01', 'pass'), ...e.controls.slice(1)] }),
    ],
    ['a control left out', (e) => ({ ...e, controls: e.controls.slice(1) })],
    ['controls in another order', (e) => ({ ...e, controls: [...e.controls].reverse() })],
    ['another version', (e) => ({ ...e, version: '0.2.0' })],
    ['another time', (e) => ({ ...e, at: '2026-11-23T10:00:00.000Z' })],
    ['another type', (e) => ({ ...e, type: 'casemate.isolation-report.1' })],
    ['something added', (e) => ({ ...e, note: 'all is well' })],
    ['another algorithm', (e) => ({ ...e, signature: { ...e.signature, algorithm: 'none' } })],
    ['no signature', (e) => ({ ...e, signature: { ...e.signature, value: '' } })],
  ])('TRU-01: is refused with %s', (_what, change) => {
    expect(verifyEvidence(change(signed()), [pemOf(own)])).toBe(false);
  });
  it('TRU-01: is refused when a stranger signed it, even under the id of the right key', () => {
    const forged = signed(other);
    expect(verifyEvidence(forged, [pemOf(own)])).toBe(false);
    const claimed = { ...forged, signature: { ...forged.signature, key: keyId(own.publicKey) } };
    expect(verifyEvidence(claimed, [pemOf(own)])).toBe(false);
    expect(verifyEvidence(signed(), [])).toBe(false);
  });
  it('TRU-01: is refused when it was signed as a text of another kind', () => {
    for (const type of ['casemate.isolation-report.1', ''])
      expect(verifyEvidence(signed(own, type), [pemOf(own)])).toBe(false);
  });
  it('TRU-01: is genuine as it was signed, however its members are ordered', () => {
    const { signature, controls, ...rest } = signed();
    expect(verifyEvidence({ signature, controls, ...rest }, [pemOf(other), pemOf(own)])).toBe(true);
  });
});

describe('the table', () => {
  it('TRU-02: says what fails first and in full, counts what is missing, claims no certification', () => {
    const text = evidenceTable(signed(), plain);
    expect(text.indexOf('✗ ISO-01')).toBeLessThan(text.indexOf('✓ ISO-02'));
    expect(text).toContain('1 pass, 1 fail, 1 missing');
    expect(text).toContain('No certification is claimed');
  });
});
