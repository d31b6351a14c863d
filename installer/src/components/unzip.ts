import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

type Entry = {
  name: string;
  method: number;
  crc: number;
  packed: number;
  mode: number;
  at: number;
};

/**
 * Unpacks a zip archive (APPNOTE 6.3: stored and deflated entries, no zip64, no links) into `dir`.
 * Ours because a bare host has no `unzip`, and because an entry that leads out of `dir` is refused.
 */
export async function unzip(archive: string, dir: string): Promise<void> {
  for (const entry of await listEntries(archive)) {
    const target = path.resolve(dir, entry.name);
    if (!target.startsWith(path.resolve(dir) + path.sep) || entry.name.includes('\\')) {
      throw new Error(`${path.basename(archive)} has an entry outside its folder: ${entry.name}`);
    }
    if (entry.name.endsWith('/')) await mkdir(target, { recursive: true });
    else await writeEntry(archive, entry, target);
  }
}

async function listEntries(archive: string): Promise<Entry[]> {
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end < 0) throw new Error(`${path.basename(archive)} is no zip archive, or it is cut off`);
    const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    const entries: Entry[] = [];
    for (let at = 0; at < directory.length;) {
      const nameLength = directory.readUInt16LE(at + 28);
      entries.push({
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        crc: directory.readUInt32LE(at + 16),
        packed: directory.readUInt32LE(at + 20),
        mode: directory.readUInt32LE(at + 38) >>> 16,
        at: await dataOffset(file, directory.readUInt32LE(at + 42)),
      });
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await file.close();
  }
}

/** The local header repeats the name, and its extra field may have another length. */
async function dataOffset(file: FileHandle, header: number): Promise<number> {
  const local = await readAt(file, header, 30);
  return header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('The zip archive is cut off');
  return buffer;
}

async function writeEntry(archive: string, entry: Entry, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  if (entry.method !== 0 && entry.method !== 8) {
    throw new Error(`${entry.name} is packed in a way that is not read here (${entry.method})`);
  }
  if (entry.packed === 0) await writeFile(target, '');
  else {
    const input = createReadStream(archive, { start: entry.at, end: entry.at + entry.packed - 1 });
    const stages = entry.method === 8 ? [input, createInflateRaw()] : [input];
    await pipeline([...stages, checkCrc(entry), createWriteStream(target)]);
  }
  if (entry.mode & 0o111) await chmod(target, 0o755);
}

function checkCrc(entry: Entry): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(crc === entry.crc ? null : new Error(`${entry.name} is damaged inside its archive`));
    },
  });
}
