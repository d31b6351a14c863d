import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../components/testing/temp-dir.ts';
import { commands } from '../commands/table.ts';
import { verifyBundle } from './open-bundle.ts';
import { readBundle } from './read-bundle.ts';
import { fingerprintOf, makeReleaseKey } from './signing.ts';
import { makeSmallBundle, smallFiles, type SmallBundle } from './testing/small-bundle.ts';

const signersOf = ({ key }: Pick<SmallBundle, 'key'>) => ({
  fingerprints: [fingerprintOf(key.publicPem)],
  from: 'flag' as const,
});
const archiveOf = ({ dir, name }: SmallBundle) => path.join(dir, `${name}.tar`);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error as { code?: string }).code,
  );
/** Without the list of the archives, so that the archive is judged by itself. */
const bare = (bundle: SmallBundle) => rmSync(path.join(bundle.dir, `${bundle.name}.sums`));

describe('reading a bundle', () => {
  it('DEP-05: refuses a bundle with any one byte changed', async () => {
    const bundle = await makeSmallBundle();
    bare(bundle);
    const file = archiveOf(bundle);
    const good = readFileSync(file);
    const signers = signersOf(bundle);
    const read = (bytes: Buffer) => codeOf(readBundle(Readable.from([bytes]), { signers }));
    const taken: number[] = [];
    // Seven has no divisor in common with a block: over the headers every place of one is met.
    for (let at = 0; at < good.length; at += 7) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x01;
      if ((await read(bad)) === 'taken') taken.push(at);
    }
    expect(taken).toEqual([]);
    expect(await read(good)).toBe('taken');
  }, 120_000);

  it('DEP-05: refuses a signer that nobody named, and one that signed with another key', async () => {
    const bundle = await makeSmallBundle();
    const other = signersOf({ key: makeReleaseKey() });
    expect(await codeOf(verifyBundle(archiveOf(bundle), { signers: other }))).toBe('signature');
    const none = { fingerprints: [], from: 'none' as const };
    expect(await codeOf(verifyBundle(archiveOf(bundle), { signers: none }))).toBe('signature');
    // The public half of the right key, with a signature of another.
    const forged = await makeSmallBundle({
      key: { publicPem: bundle.key.publicPem, privatePem: makeReleaseKey().privatePem },
    });
    const file = archiveOf(forged);
    const bytes = readFileSync(file);
    bytes.write(bundle.key.publicPem, 512);
    writeFileSync(file, bytes);
    bare(forged);
    expect(await codeOf(verifyBundle(file, { signers: signersOf(bundle) }))).toBe('signature');
  });

  it('DEP-05: refuses an archive that is cut short anywhere, and leaves nothing of it', async () => {
    const bundle = await makeSmallBundle();
    bare(bundle);
    const file = archiveOf(bundle);
    const good = readFileSync(file);
    for (let size = 0; size < good.length; size += 256) {
      writeFileSync(file, good);
      truncateSync(file, size);
      expect(await codeOf(verifyBundle(file, { signers: signersOf(bundle) }))).toBe('damaged');
    }
    writeFileSync(file, good);
    appendFileSync(file, Buffer.alloc(512));
    expect(await codeOf(verifyBundle(file, { signers: signersOf(bundle) }))).toBe('damaged');
  });

  it('DEP-05: refuses swapped, missing and foreign parts, and says which', async () => {
    const bundle = await makeSmallBundle({ split: 3000 });
    const part = (number: string) => path.join(bundle.dir, `${bundle.name}.tar.${number}`);
    const signers = signersOf(bundle);
    await expect(verifyBundle(part('001'), { signers })).resolves.toBeDefined();
    renameSync(part('001'), part('900'));
    renameSync(part('002'), part('001'));
    renameSync(part('900'), part('002'));
    await expect(verifyBundle(part('001'), { signers })).rejects.toMatchObject({
      code: 'damaged',
      why: expect.stringContaining('.tar.001 holds what'),
    });
    bare(bundle);
    expect(await codeOf(verifyBundle(part('001'), { signers }))).toBe('damaged');
    rmSync(part('002'));
    await expect(verifyBundle(part('001'), { signers })).rejects.toMatchObject({ code: 'damaged' });
  });

  it('DEP-05: refuses a file name that leads elsewhere, although it is signed', async () => {
    for (const name of ['../evil', 'a/../../evil', '/etc/evil', 'a b', 'x\ny']) {
      const bundle = await makeSmallBundle({ files: { ...smallFiles, [name]: 'x' } }).catch(
        () => undefined,
      );
      if (!bundle) continue;
      const to = path.join(tempDir(), 'to');
      const reading = verifyBundle(archiveOf(bundle), {
        signers: signersOf(bundle),
        extractTo: to,
      });
      expect(await codeOf(reading)).toBe('damaged');
      expect(existsSync(to)).toBe(false);
    }
  });

  it('DEP-05: verifies the unpacked folder, and refuses one more, one less and one other file', async () => {
    const bundle = await makeSmallBundle();
    const signers = signersOf(bundle);
    const to = path.join(tempDir(), 'to');
    await verifyBundle(archiveOf(bundle), { signers, extractTo: to });
    await expect(verifyBundle(to, { signers })).resolves.toBeDefined();
    const installer = readFileSync(path.join(to, 'install.sh'), 'utf8');
    writeFileSync(path.join(to, 'install.sh'), installer.replace('hello', 'hullo'));
    expect(await codeOf(verifyBundle(to, { signers }))).toBe('damaged');
    writeFileSync(path.join(to, 'install.sh'), installer);
    writeFileSync(path.join(to, 'more.sh'), '');
    expect(await codeOf(verifyBundle(to, { signers }))).toBe('damaged');
    rmSync(path.join(to, 'more.sh'));
    rmSync(path.join(to, 'install.sh'));
    expect(await codeOf(verifyBundle(to, { signers }))).toBe('damaged');
  });

  it('DEP-05: no flag of any command skips the verification', () => {
    const flags = commands.flatMap(({ flags: own }) => Object.keys(own));
    expect(flags.filter((flag) => /skip|insecure|no-?verif|force|trust-?any/i.test(flag))).toEqual([
      'skip-preflight',
    ]);
  });
});

describe('the check with stock tools', () => {
  const script = path.resolve(import.meta.dirname, '../../bundle/verify.sh');
  const run = (dir: string, fingerprint: string) => {
    execFileSync('cp', [script, path.join(dir, 'verify.sh')]);
    return spawnSync('sh', [path.join(dir, 'verify.sh'), fingerprint], { encoding: 'utf8' });
  };

  it('DEP-05: openssl and sha256sum find the same faults before any script of the bundle runs', async () => {
    const bundle = await makeSmallBundle({ split: 3000 });
    const fingerprint = fingerprintOf(bundle.key.publicPem);
    expect(
      run(
        bundle.dir,
        fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      ).status,
    ).toBe(9);
    expect(run(bundle.dir, fingerprint)).toMatchObject({ status: 0, stderr: '' });
    const part = path.join(bundle.dir, `${bundle.name}.tar.002`);
    const bytes = readFileSync(part);
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    writeFileSync(part, bytes);
    expect(run(bundle.dir, fingerprint).status).toBe(10);
    const sums = path.join(bundle.dir, `${bundle.name}.sums`);
    writeFileSync(
      sums,
      readFileSync(sums, 'utf8').replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect(run(bundle.dir, fingerprint).status).toBe(9);
  });
});
