import { open, type FileHandle } from 'node:fs/promises';

export type ElfNeeds = {
  /** Highest version of a GLIBC symbol that it asks for; null for a static program. */
  glibc: string | null;
  /** Libraries that the loader must find (DT_NEEDED). */
  libraries: string[];
};

type Section = { type: number; offset: number; size: number; link: number };

const dynamicSection = 6;
const versionNeeds = 0x6ffffffe;
const neededTag = 1n;

/**
 * What a 64-bit little-endian ELF file asks of the host, from its section headers (System V ABI;
 * LSB 5, symbol versioning). Null for a file that is none.
 */
export async function readElfNeeds(file: string): Promise<ElfNeeds | null> {
  const handle = await open(file);
  try {
    const head = await readAt(handle, 0, 64);
    if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46) return null;
    if (head[4] !== 2 || head[5] !== 1) return null;
    const sections = await readSections(handle, head);
    const libraries: string[] = [];
    const versions: string[] = [];
    for (const section of sections) {
      const names = sections[section.link];
      if (!names) continue;
      if (section.type === dynamicSection)
        libraries.push(...listLibraries(await read(handle, section), await read(handle, names)));
      if (section.type === versionNeeds)
        versions.push(...listVersions(await read(handle, section), await read(handle, names)));
    }
    return { glibc: highestGlibc(versions), libraries: libraries.sort() };
  } finally {
    await handle.close();
  }
}

/** Negative, zero or positive, as for `sort`; by number, so that 2.9 stands before 2.28. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** GLIBC_PRIVATE and the names of other libraries are no versions of the C library. */
export function highestGlibc(versions: readonly string[]): string | null {
  const found = versions.flatMap((name) => /^GLIBC_(\d+(?:\.\d+)+)$/.exec(name)?.[1] ?? []);
  return found.sort(compareVersions).at(-1) ?? null;
}

async function readSections(handle: FileHandle, head: Buffer): Promise<Section[]> {
  const [size, count] = [head.readUInt16LE(58), head.readUInt16LE(60)];
  const table = await readAt(handle, Number(head.readBigUInt64LE(40)), size * count);
  return Array.from({ length: Math.floor(table.length / (size || 1)) }, (_, index) => {
    const at = index * size;
    return {
      type: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 24)),
      size: Number(table.readBigUInt64LE(at + 32)),
      link: table.readUInt32LE(at + 40),
    };
  });
}

function listLibraries(dynamic: Buffer, names: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 16 <= dynamic.length; at += 16) {
    if (dynamic.readBigUInt64LE(at) !== neededTag) continue;
    found.push(textAt(names, Number(dynamic.readBigUInt64LE(at + 8))));
  }
  return found;
}

/** Each needed file has a chain of auxiliary entries, one for each version of it. */
function listVersions(needs: Buffer, names: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 16 <= needs.length;) {
    let entry = at + needs.readUInt32LE(at + 8);
    for (let left = needs.readUInt16LE(at + 2); left > 0; left -= 1) {
      found.push(textAt(names, needs.readUInt32LE(entry + 8)));
      entry += needs.readUInt32LE(entry + 12);
    }
    const next = needs.readUInt32LE(at + 12);
    if (next === 0) break;
    at += next;
  }
  return found;
}

function textAt(names: Buffer, at: number): string {
  return names.toString('latin1', at, names.indexOf(0, at));
}

function read(handle: FileHandle, { offset, size }: Section): Promise<Buffer> {
  return readAt(handle, offset, size);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
