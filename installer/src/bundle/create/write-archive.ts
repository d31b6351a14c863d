import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../../host/write-file.ts';
import { bundleNames, manifestText, sumsText, type Manifest } from '../manifest.ts';
import { provenanceText } from '../provenance.ts';
import { partNumber } from '../parts.ts';
import { fingerprintOf, publicPemOf, readPrivateKey, signText } from '../signing.ts';
import { tarEnd, tarHeader, tarPadding } from '../tar.ts';

export type ArchiveRequest = {
  manifest: Manifest;
  /** Where the files of the manifest stand. */
  staging: string;
  outDir: string;
  name: string;
  privatePem: string;
  /** Largest part in bytes; null: one file. */
  split: number | null;
};

export type Written = { files: string[]; bytes: number; fingerprint: string };

/** Writes the archive or its parts, the signed list of their checksums, and the public key. */
export async function writeArchive(request: ArchiveRequest): Promise<Written> {
  const { outDir, name } = request;
  const key = readPrivateKey(request.privatePem);
  const publicPem = publicPemOf(key);
  const parts = await writeParts(request, publicPem);
  const sums = parts.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('');
  const put = (ending: string, content: string | Buffer) =>
    writeFileAtomically(path.join(outDir, `${name}${ending}`), content, { mode: 0o644 });
  await put('.sums', sums);
  await put('.sums.sig', signText(sums, key));
  await put('.pem', publicPem);
  await put('.fingerprint', `${fingerprintOf(publicPem)}\n`);
  await put('.verify.sh', await readFile(path.join(request.staging, 'verify.sh')));
  await put('.manifest.json', manifestText(request.manifest));
  const fingerprint = fingerprintOf(publicPem);
  const { manifest } = request;
  await put('.provenance.json', provenanceText({ manifest, parts, key, fingerprint }));
  return {
    files: parts.map(({ file }) => file),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    fingerprint,
  };
}

type Part = { file: string; bytes: number; sha256: string };

async function writeParts(request: ArchiveRequest, publicPem: string): Promise<Part[]> {
  const { outDir, name, split } = request;
  const parts: Part[] = [];
  let open_: { handle: FileHandle; hash: ReturnType<typeof createHash>; part: Part } | null = null;
  const close = async () => {
    if (!open_) return;
    await open_.handle.sync();
    await open_.handle.close();
    open_.part.sha256 = open_.hash.digest('hex');
    open_ = null;
  };
  for await (const chunk of archiveOf(request, publicPem)) {
    for (let rest = chunk; rest.length > 0;) {
      if (!open_) {
        const ending = split === null ? '' : `.${partNumber(parts.length)}`;
        const part = { file: `${name}.tar${ending}`, bytes: 0, sha256: '' };
        parts.push(part);
        const handle = await open(path.join(outDir, part.file), 'w', 0o644);
        open_ = { handle, hash: createHash('sha256'), part };
      }
      const piece = rest.subarray(0, (split ?? Infinity) - open_.part.bytes);
      await open_.handle.writeFile(piece);
      open_.hash.update(piece);
      open_.part.bytes += piece.length;
      rest = rest.subarray(piece.length);
      if (open_.part.bytes === split) await close();
    }
  }
  await close();
  return parts;
}

async function* archiveOf(
  { manifest, staging, name, privatePem }: ArchiveRequest,
  publicPem: string,
): AsyncGenerator<Buffer> {
  const sums = sumsText(manifest);
  const first: [string, Buffer][] = [
    [bundleNames.key, Buffer.from(publicPem)],
    [bundleNames.signature, signText(sums, readPrivateKey(privatePem))],
    [bundleNames.sums, Buffer.from(sums)],
    [bundleNames.manifest, Buffer.from(manifestText(manifest))],
  ];
  for (const [file, bytes] of first) {
    const entry = { path: `${name}/${file}`, size: bytes.length, mode: 0o644 } as const;
    yield Buffer.concat([tarHeader(entry), bytes, tarPadding(bytes.length)]);
  }
  for (const { path: file, size, mode } of manifest.files) {
    yield tarHeader({ path: `${name}/${file}`, size, mode: mode === 'program' ? 0o755 : 0o644 });
    for await (const chunk of createReadStream(path.join(staging, file), {
      highWaterMark: 1 << 20,
    }))
      yield chunk as Buffer;
    yield tarPadding(size);
  }
  yield tarEnd;
}
