import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from './manifest.ts';
import { checkProvenance, provenanceText } from './provenance.ts';
import { fingerprintOf, makeReleaseKey, readPrivateKey } from './signing.ts';
import { makeSmallBundle } from './testing/small-bundle.ts';
import { verifyProvenance } from './verify-provenance.ts';

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
const about = { publicPem: pair.publicPem, parts, manifest };
const envelope = () => JSON.parse(text) as { payload: string; payloadType: string };
const statement = () => Buffer.from(envelope().payload, 'base64').toString();

describe('SUP-02: the provenance of a bundle', () => {
  it('SUP-02: is refused under another key, with a changed word, about other files, or of another kind', () => {
    const refused = (changed: string, other: Partial<typeof about> = {}) =>
      expect(() => checkProvenance(changed, { ...about, ...other })).toThrow('does not hold');
    refused(text, { publicPem: makeReleaseKey().publicPem });
    refused(text, { parts: [{ file: 'casemate.tar', sha256: 'ab' }] });
    refused(text, { parts: [] });
    refused(text, { manifest: { ...manifest, commit: 'def' } });
    refused(text, { manifest: { ...manifest, components: [] } });
    refused('{');
    const payload = Buffer.from(statement().replace('2.7.2', '2.7.3')).toString('base64');
    refused(JSON.stringify({ ...envelope(), payload }));
    refused(JSON.stringify({ ...envelope(), payloadType: 'text/plain' }));
  });

  it('SUP-02: names the sources and every component, and is the same each time', () => {
    const found = checkProvenance(text, about);
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

describe('SUP-02: the provenance beside an archive', () => {
  it('SUP-02: is refused when it was altered or is of another archive, and told when it is not there', async () => {
    for (const wish of [{}, { split: 3000 }]) {
      const bundle = await makeSmallBundle(wish);
      const other = await makeSmallBundle({ key: bundle.key, odd: { commit: 'def' } });
      const name = `${bundle.name}.provenance.json`;
      const [place] = bundle.written.files.map((file) => path.join(bundle.dir, file));
      const verified = { manifest: bundle.manifest, signer: bundle.key.publicPem };
      const verify = () => verifyProvenance(place ?? '', verified);
      const good = readFileSync(path.join(bundle.dir, name), 'utf8');
      expect(await verify()).toBe('holds');
      writeFileSync(path.join(bundle.dir, name), good.replace('"sig":"', '"sig":"A'));
      await expect(verify()).rejects.toMatchObject({ code: 'signature' });
      writeFileSync(path.join(bundle.dir, name), readFileSync(path.join(other.dir, name)));
      await expect(verify()).rejects.toMatchObject({ code: 'signature' });
      rmSync(path.join(bundle.dir, name));
      expect(await verify()).toBeNull();
      expect(await verifyProvenance(bundle.dir, verified)).toBeNull();
    }
  });

  it('SUP-02: `casemate bundle verify` refuses a bundle with a foreign one', async () => {
    const bundle = await makeSmallBundle();
    const other = await makeSmallBundle({ odd: { commit: 'def' } });
    const name = `${bundle.name}.provenance.json`;
    const run = () => {
      const command = path.resolve(import.meta.dirname, '../main.ts');
      const words = ['bundle', 'verify', path.join(bundle.dir, `${bundle.name}.tar`), '--json'];
      const signer = ['--signer', fingerprintOf(bundle.key.publicPem)];
      const place = ['--data-dir', path.join(bundle.dir, 'no-instance')];
      const { status, stdout } = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', command, ...words, ...signer, ...place],
        { encoding: 'utf8' },
      );
      return { status, answer: JSON.parse(stdout) as { provenance?: string; error?: object } };
    };
    expect(run()).toMatchObject({ status: 0, answer: { provenance: 'holds' } });
    writeFileSync(path.join(bundle.dir, name), readFileSync(path.join(other.dir, name)));
    expect(run()).toMatchObject({ status: 9, answer: { error: { code: 'signature' } } });
  });
});
