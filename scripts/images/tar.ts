/** One file, folder or link of a layer. Owners and modes are given, times never: see `writeTar`. */
export type TarEntry = {
  /** Without a leading slash. */
  path: string;
  kind: 'file' | 'folder' | 'link';
  mode: number;
  uid?: number;
  gid?: number;
  /** Of a file its content, of a link where it leads. */
  content?: Buffer | string;
};

const BLOCK = 512;
const TYPES = { file: '0', link: '2', folder: '5' } as const;

/**
 * A POSIX ustar archive (IEEE 1003.1) whose bytes depend on its entries alone: sorted by path, every
 * time zero, no names of users. Throws for a path that ustar can't hold.
 */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((one, other) => (one.path < other.path ? -1 : 1));
  const parts = sorted.flatMap((entry) => {
    const data = entry.kind === 'file' ? Buffer.from(entry.content ?? '') : Buffer.alloc(0);
    const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
    return [header(entry, data.length), data, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const { name, prefix } = split(path);
  const link = entry.kind === 'link' ? String(entry.content) : '';
  if (Buffer.byteLength(link) > 100) throw new Error(`${entry.path} leads too far for a tar`);
  block.write(name, 0);
  block.write(octal(entry.mode, 7), 100);
  block.write(octal(entry.uid ?? 0, 7), 108);
  block.write(octal(entry.gid ?? 0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(TYPES[entry.kind], 156);
  block.write(link, 157);
  block.write('ustar\u000000', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** ustar has 100 bytes for a name and 155 for the folders before it. */
function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155)
      return { name, prefix };
  }
  throw new Error(`${path} is too long for a tar`);
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
