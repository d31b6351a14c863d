import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { tarEnd, tarHeader, tarPadding, type TarEntry } from '../tar.ts';

export type Packed = { size: number; sha256: string; unpackedBytes: number };
export type Compression = 'tar.gz' | 'tar.zst';

/**
 * Packs a folder into `target` so that the same files give the same bytes, whoever packs them and
 * when: sorted, root's, one time, and only whether a file can be executed of its rights. Node's own
 * program needs gzip, since a bare host's tar knows no zstd.
 */
export async function packTree(
  dir: string,
  target: string,
  compression: Compression,
): Promise<Packed> {
  const entries = await listTree(dir);
  const hash = createHash('sha256');
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const compress =
    compression === 'tar.gz'
      ? createGzip({ level: 6 })
      : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 6 } });
  await pipeline(Readable.from(tarOf(dir, entries)), compress, count, createWriteStream(target));
  const unpackedBytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  return { size, sha256: hash.digest('hex'), unpackedBytes };
}

/** Files and links below a folder, in the order of their bytes; folders follow from their paths. */
export async function listTree(dir: string): Promise<TarEntry[]> {
  const found: TarEntry[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(dir, full);
    const { mode, size } = await lstat(full);
    if (entry.isSymbolicLink())
      found.push({ path: name, size: 0, mode: 0o644, link: await readlink(full) });
    if (entry.isFile()) found.push({ path: name, size, mode: mode & 0o111 ? 0o755 : 0o644 });
  }
  return found.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

async function* tarOf(dir: string, entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield tarHeader(entry);
    if (entry.link !== undefined) continue;
    for await (const chunk of createReadStream(path.join(dir, entry.path), {
      highWaterMark: 1 << 20,
    }))
      yield chunk as Buffer;
    yield tarPadding(entry.size);
  }
  yield tarEnd;
}
