/** One member of an archive as this product writes it: nothing of the host that made it is in it. */
export type TarEntry = {
  /** Relative, with `/`; no `.` or `..`. */
  path: string;
  size: number;
  mode: 0o644 | 0o755;
  /** The target of a symbolic link; its size is 0. */
  link?: string;
};

export const blockBytes = 512;
/** 1980-01-01: the same for every file, and late enough that no tar warns of it. */
const modified = 315_532_800;
const largestOctal = 0o77777777777;

/**
 * The one header that an entry can have (POSIX ustar, root's, a fixed time; base-256 sizes from 8 GiB).
 * A reader that makes it again and compares has checked every byte of it. Throws for a path that
 * does not fit.
 */
export function tarHeader({ path, size, mode, link = '' }: TarEntry): Buffer {
  const header = Buffer.alloc(blockBytes);
  const { name, prefix } = splitPath(path);
  if (Buffer.byteLength(link) > 100) throw new Error(`The target of ${path} is too long for a tar`);
  header.write(name, 0);
  header.write(octal(link === '' ? mode : 0o777, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  if (size <= largestOctal) header.write(octal(size, 12), 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write(octal(modified, 12), 136);
  header.write(' '.repeat(8), 148);
  header.write(link === '' ? '0' : '2', 156);
  header.write(link, 157);
  header.write('ustar\u000000', 257);
  header.write('root', 265);
  header.write('root', 297);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  return header;
}

/** What follows the content up to the next block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}

/** The end of an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** Reads what a header says; the caller makes the header again from it and compares. */
export function readTarHeader(header: Buffer): TarEntry {
  const text = (from: number, length: number) =>
    header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const prefix = text(345, 155);
  const large = header[124] === 0x80;
  const size = large ? Number(header.readBigUInt64BE(128)) : Number.parseInt(text(124, 12), 8);
  const mode = Number.parseInt(text(100, 8), 8) & 0o111 ? 0o755 : 0o644;
  const link = text(157, 100);
  const path = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  return { path, size, mode, ...(link === '' ? {} : { link }) };
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width - 1, '0');
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix };
  }
  throw new Error(`${path} is too long for a tar`);
}
