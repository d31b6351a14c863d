import { open } from 'node:fs/promises';
import type { FileSample } from './detect-type.ts';

const HEAD_BYTES = 64 * 1024;
// Holds the list of an archive's entries, which stands at its end.
const TAIL_BYTES = 1024 * 1024;

/** Reads both ends of an uploaded file, for {@link detectType}. */
export async function readSample(path: string): Promise<FileSample> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
  const tailBytes = Math.min(size, TAIL_BYTES);
  return {
    head: await read(0, Math.min(size, HEAD_BYTES)),
    tail: await read(size - tailBytes, tailBytes),
  };
}
