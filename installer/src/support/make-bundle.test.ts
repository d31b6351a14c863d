import { describe, expect, it } from '@jest/globals';
import { packFiles, unpackFiles } from './archive.ts';
import { bundleTable } from './bundle-table.ts';
import { redactAndProve } from './make-bundle.ts';
import { secretsIn } from './read-secrets.ts';
import { nothingKnown, type Known } from './redact/known.ts';
import { createPseudonyms } from './redact/pseudonyms.ts';
import { createRedactor } from './redact/redactor.ts';

const pseudonyms = createPseudonyms(Buffer.from('a key of this test'));
const made = (all: Known) => createRedactor(all, pseudonyms);
const words = (bytes: string) => secretsIn(Buffer.from(bytes)).map(String);

describe('DEP-08: the support bundle', () => {
  it('DEP-08: is not written when the redaction lets something known through', () => {
    // The name of a tenant that the redactor is not told of, but the last look is.
    const known = { ...nothingKnown, tenants: [{ id: '1', name: 'Quux Partners' }] };
    const blind = (all: Known) =>
      made({ ...all, tenants: all.tenants.filter(({ name }) => !name.startsWith('Quux')) });
    const inputs = [{ path: 'a.log', format: 'log' as const, text: 'for Quux Partners' }];
    expect(() => redactAndProve(inputs, known, blind)).toThrow('no bundle was written');
    expect(redactAndProve(inputs, known, made).files[0]?.text).toMatch(/^for tenant-/);
  });

  it('DEP-08: is not written when a canary comes through', () => {
    const inputs = [{ path: 'a.log', format: 'log' as const, text: 'harmless' }];
    const careless = (all: Known) => made({ ...all, secrets: [] });
    expect(() => redactAndProve(inputs, nothingKnown, careless)).toThrow('let a canary through');
  });

  it('DEP-08: names no secret in what it says of a leak', () => {
    const known = { ...nothingKnown, secrets: [Buffer.from('horse-battery')] };
    const inputs = [{ path: 'a.log', format: 'log' as const, text: 'horse-battery' }];
    expect(redactAndProve(inputs, known, made).files[0]?.text).toBe('[secret]');
    expect(redactAndProve(inputs, known, made).reports[0]?.replaced).toEqual({
      'known-secret': 1,
    });
  });

  it('DEP-08: is refused when a byte of it was changed', () => {
    const files = [
      { path: 'logs/a.log', text: 'æ'.repeat(700) },
      { path: 'b.json', text: '{}' },
    ];
    const archive = packFiles('casemate-support-x', files);
    expect(unpackFiles(archive)).toEqual(files);
    for (const at of [20, Math.floor(archive.length / 2), archive.length - 9]) {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unpackFiles(changed)).toThrow('no support bundle');
    }
    expect(() => unpackFiles(archive.subarray(0, -20))).toThrow('no support bundle');
    expect(() => unpackFiles(Buffer.from('no archive'))).toThrow('no support bundle');
  });

  it('DEP-08: says of each file what was replaced, and when the names were not known', () => {
    const table = bundleTable({
      ...{
        format: 1,
        createdAt: '',
        version: '1',
        missing: [{ path: 'x.json', why: 'away' }],
        keptBack: ['logs'],
      },
      files: [{ path: 'a.log', bytes: 2048, sha256: '', replaced: { email: 3 } }],
      known: { secrets: 2, tenants: 0, people: 0, names: 'unknown' },
      canaries: { kinds: 30, planted: 300, found: 0 },
      sweep: { files: 1, found: 0 },
    });
    expect(table).toMatch(/a\.log {2}2\.0 KiB {2}email 3[\s\S]*Missing: x\.json[\s\S]*NOT known/);
  });

  it('DEP-08: knows each value of a file of secrets', () => {
    expect(words('{"roleId":"abcd","secretId":"0123456789abcdef","port":1}')).toEqual([
      'abcd',
      '0123456789abcdef',
    ]);
    expect(words('AWS_SECRET_ACCESS_KEY=horse-battery\n')).toEqual([
      'horse-battery',
      'AWS_SECRET_ACCESS_KEY=horse-battery',
    ]);
    expect(words('-----BEGIN X-----\nMIIabc\n-----END X-----\n')).toEqual(['MIIabc']);
    expect(secretsIn(Buffer.from([0, 200, 1]))).toEqual([Buffer.from([0, 200, 1])]);
  });
});
