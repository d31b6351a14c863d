import path from 'node:path';
import type { XmlHandler } from '../../read-xml.ts';

type ReadPart = (part: string, handler: XmlHandler) => void;

/** The relations of a part, or of the whole package for `''` (ECMA-376, part 2, clause 8). */
export function readRelations(
  part: string,
  read: ReadPart,
): Map<string, { path: string; type: string }> {
  const found = new Map<string, { path: string; type: string }>();
  const folder = part === '' ? '' : path.posix.dirname(part);
  read(path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`), {
    open: (name, { Id, Target, Type, TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External' || !Id || !Target) return;
      found.set(Id, { path: resolvePart(folder, Target), type: Type?.split('/').at(-1) ?? '' });
    },
  });
  return found;
}

/** A path inside the package. One that leads out of it names no part. */
export function resolvePart(folder: string, target: string): string {
  return target.startsWith('/') ? target.slice(1) : path.posix.join(folder, target);
}
