import { HEAD_BYTES, TAIL_BYTES, type FileSample } from '../parse/index.ts';

/** Keeps both ends of what streams by, for the detection of its type. */
export function gatherSample(): { note(part: Buffer): void; sample(): FileSample } {
  let head = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let kept = 0;
  return {
    note: (part) => {
      if (head.length < HEAD_BYTES)
        head = Buffer.concat([head, part.subarray(0, HEAD_BYTES - head.length)]);
      tail.push(part);
      kept += part.length;
      while (tail.length > 1 && kept - (tail[0]?.length ?? 0) >= TAIL_BYTES)
        kept -= tail.shift()?.length ?? 0;
    },
    sample: () => {
      const end = Buffer.concat(tail).subarray(-TAIL_BYTES);
      tail = [];
      return { head, tail: end };
    },
  };
}
