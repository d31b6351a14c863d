import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from './manifest.ts';
import { checkProvenance, provenanceText } from './provenance.ts';
import { fingerprintOf, makeReleaseKey, readPrivateKey } from './signing.ts';

const pair = makeReleaseKey();
// Only what a provenance tells of; a whole manifest names every file of a bundle.
const manifest = {
  ...{ version: '1.0.0', platform: 'linux-x64', released: '2026-11-22T10:00:00Z', commit: 'abc' },
  ...{ server: '0123', components: [{ name: 'openbao', version: '2.7.2', sha256: 'ff' }] },
} as unknown as Manifest;
const parts = [{ file: 'casemate.tar', sha256: 'aa' }];
const text = provenanceText({
  ...{ manifest, parts, key: readPrivateKey(pair.privatePem) },
  fingerprint: fingerprintOf(pair.publicPem),
});
const envelope = () => JSON.parse(text) as { payload: string; payloadType: string };
const statement = () => Buffer.from(envelope().payload, 'base64').toString();

describe('SUP-02: the provenance of a bundle', () => {
  it('SUP-02: is refused under another key, with a changed word, about other files, or of another kind', () => {
    const refused = (changed: string, more = parts, pem = pair.publicPem) =>
      expect(() => checkProvenance(changed, pem, more)).toThrow('does not hold');
    refused(text, parts, makeReleaseKey().publicPem);
    refused(text, [{ file: 'casemate.tar', sha256: 'ab' }]);
    refused(text, []);
    refused('{');
    const payload = Buffer.from(statement().replace('2.7.2', '2.7.3')).toString('base64');
    refused(JSON.stringify({ ...envelope(), payload }));
    refused(JSON.stringify({ ...envelope(), payloadType: 'text/plain' }));
  });

  it('SUP-02: names the sources and every component, and is the same each time', () => {
    const found = checkProvenance(text, pair.publicPem, parts);
    expect(JSON.stringify(found.predicate)).toMatch(
      /"gitCommit":"abc".*"openbao","digest":\{"sha256":"ff"\}/,
    );
    const again = provenanceText({
      ...{ manifest, parts, key: readPrivateKey(pair.privatePem) },
      fingerprint: fingerprintOf(pair.publicPem),
    });
    expect(again).toBe(text);
  });

  it('SUP-02: openssl verifies the same signature', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cmp-'));
    try {
      const body = statement();
      const { signatures } = JSON.parse(text) as { signatures: { sig: string }[] };
      const type = envelope().payloadType;
      const signed = `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(body)} ${body}`;
      writeFileSync(path.join(dir, 'key.pem'), pair.publicPem);
      writeFileSync(path.join(dir, 'text'), signed);
      writeFileSync(path.join(dir, 'sig'), Buffer.from(signatures[0]?.sig ?? '', 'base64'));
      const words = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.pem', '-rawin', '-in', 'text'];
      const run = () =>
        execFileSync('openssl', [...words, '-sigfile', 'sig'], {
          cwd: dir,
          encoding: 'utf8',
          stdio: 'pipe',
        });
      expect(run()).toContain('Verified Successfully');
      writeFileSync(path.join(dir, 'text'), signed.replace('openbao', 'openbap'));
      expect(run).toThrow();
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
