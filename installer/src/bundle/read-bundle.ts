import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../fault.ts';
import { ByteReader, CutShort } from './byte-reader.ts';
import {
  bundleNames,
  damaged,
  parseManifest,
  type BundledFile,
  type Manifest,
} from './manifest.ts';
import { fingerprintOf, isSigned, readPublicKey } from './signing.ts';
import { blockBytes, readTarHeader, tarHeader, tarPadding, type TarEntry } from './tar.ts';
import type { TrustedSigners } from './trusted-signers.ts';

export type VerifiedBundle = {
  manifest: Manifest;
  /** Of the signer, in PEM. */
  signer: string;
  fingerprint: string;
  /** The folder that everything in the archive stands in. */
  folder: string;
};

export type ReadOptions = {
  signers: TrustedSigners;
  /** Every file is written below this folder while it is checked; remove it when this throws. */
  extractTo?: string;
  /** Called once the signature is known to be good, before the first file is written. */
  onManifest?: (manifest: Manifest) => Promise<void> | void;
  onFile?: (path: string) => void;
};

const smallFile = 64 * 1024;
const largeText = 16 * 1024 * 1024;

/**
 * Reads a bundle from its first byte to its last: signature, then manifest, then each file against
 * its checksum. Every byte counts: headers must be the ones we write, paddings zero, nothing may
 * follow. Throws a Fault with the code `signature` or `damaged`.
 */
export async function readBundle(
  chunks: AsyncIterable<Buffer>,
  options: ReadOptions,
): Promise<VerifiedBundle> {
  const reader = new ByteReader(chunks);
  try {
    return await readMembers(reader, options);
  } catch (error) {
    if (error instanceof CutShort) throw damaged('It is cut short: its end is missing.');
    if (error instanceof SyntaxError) throw damaged('It cannot be read.');
    throw error;
  }
}

async function readMembers(reader: ByteReader, options: ReadOptions): Promise<VerifiedBundle> {
  const first = await nextHeader(reader);
  const folder = first.path.split('/')[0] ?? '';
  if (first.path !== `${folder}/${bundleNames.key}` || !/^casemate-[\w.+-]+$/.test(folder))
    throw damaged('It does not begin as a bundle of Casemate does.');
  const key = (await content(reader, first, smallFile)).toString('utf8');
  const member = async (name: string, most: number) => {
    const entry = await nextHeader(reader);
    if (entry.path !== `${folder}/${name}`) throw damaged(`It has no ${name} in its place.`);
    return content(reader, entry, most);
  };
  const signature = await member(bundleNames.signature, 64);
  const sums = await member(bundleNames.sums, largeText);
  const fingerprint = refuseUnknownSigner({ key, sums, signature }, options.signers);
  const text = await member(bundleNames.manifest, largeText);
  const manifest = parseManifest(text.toString('utf8'), sums.toString('utf8'));
  await options.onManifest?.(manifest);
  const before: [string, Buffer][] = [
    [bundleNames.key, Buffer.from(key)],
    [bundleNames.signature, signature],
    [bundleNames.sums, sums],
    [bundleNames.manifest, text],
  ];
  for (const [name, bytes] of before)
    await keep(options, { name, mode: 0o644 }, Readable.from([bytes]));
  for (const file of manifest.files) {
    options.onFile?.(file.path);
    await readFile(reader, { file, folder }, options);
  }
  const end = await reader.take(2 * blockBytes);
  if (end.some((byte) => byte !== 0) || !(await reader.atEnd()))
    throw damaged('Something follows its last file.');
  return { manifest, signer: key, fingerprint, folder };
}

type Signed = { key: string; sums: Buffer; signature: Buffer };

/** Gives the fingerprint of the signer. There is no way around this. */
export function refuseUnknownSigner(
  { key, sums, signature }: Signed,
  { fingerprints, from }: TrustedSigners,
): string {
  if (readPublicKey(key).export({ type: 'spki', format: 'pem' }) !== key)
    throw damaged(`${bundleNames.key} has another form than it must have.`);
  const fingerprint = fingerprintOf(key);
  if (!fingerprints.includes(fingerprint))
    throw new Fault('The bundle is signed by a key that is not known here', {
      why:
        from === 'none'
          ? `Its signer is ${fingerprint}, and nobody said whose signature counts.`
          : `Its signer is ${fingerprint}; trusted is ${fingerprints.join(', ')}.`,
      next: 'Compare it with the fingerprint that was announced; give that one with --signer.',
      code: 'signature',
    });
  if (signature.length !== 64 || !isSigned(sums, signature, key))
    throw new Fault('The signature of the bundle is wrong', {
      why: `${bundleNames.sums} is not what the release key signed.`,
      next: 'Copy the bundle again from where it was published. Nothing was changed on this host.',
      code: 'signature',
    });
  return fingerprint;
}

async function nextHeader(reader: ByteReader): Promise<TarEntry> {
  const block = await reader.take(blockBytes);
  const entry = readTarHeader(block);
  if (!Number.isSafeInteger(entry.size) || entry.size < 0 || !sameHeader(entry, block))
    throw damaged('A header inside it is not as it was written.');
  return entry;
}

function sameHeader(entry: TarEntry, block: Buffer): boolean {
  try {
    return entry.link === undefined && tarHeader(entry).equals(block);
  } catch {
    return false;
  }
}

async function content(reader: ByteReader, entry: TarEntry, most: number): Promise<Buffer> {
  if (entry.size > most) throw damaged(`${entry.path} is larger than it may be.`);
  const bytes = await reader.take(entry.size);
  await readPadding(reader, entry);
  return bytes;
}

async function readPadding(reader: ByteReader, { size, path: name }: TarEntry): Promise<void> {
  const padding = await reader.take(tarPadding(size).length);
  if (padding.some((byte) => byte !== 0))
    throw damaged(`Something follows ${name} that is not its.`);
}

async function readFile(
  reader: ByteReader,
  { file, folder }: { file: BundledFile; folder: string },
  options: ReadOptions,
): Promise<void> {
  const entry = await nextHeader(reader);
  const mode = file.mode === 'program' ? 0o755 : 0o644;
  if (entry.path !== `${folder}/${file.path}` || entry.size !== file.size || entry.mode !== mode)
    throw damaged(`${file.path} is not where the manifest has it.`);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const hashed = Readable.from(reader.stream(entry.size)).compose(hashing) as unknown as Readable;
  await keep(options, { name: file.path, mode }, hashed);
  if (hash.digest('hex') !== file.sha256)
    throw damaged(`${file.path} has not the checksum that was signed.`);
  await readPadding(reader, entry);
}

async function keep(
  { extractTo }: ReadOptions,
  { name, mode }: { name: string; mode: number },
  from: Readable,
): Promise<void> {
  if (extractTo === undefined) {
    for await (const _ of from) continue;
    return;
  }
  const to = path.join(extractTo, name);
  await mkdir(path.dirname(to), { recursive: true });
  await pipeline(from, createWriteStream(to, { mode, flags: 'wx' }));
}
