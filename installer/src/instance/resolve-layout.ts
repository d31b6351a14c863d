import { readFileSync } from 'node:fs';
import { Fault } from '../fault.ts';
import { pointerFile } from '../steps/create-directories.ts';
import { layoutFor } from './layout.ts';
import type { InstanceLayout, LayoutRequest } from './layout.ts';

/** The layout that the flags name, or that an earlier installation left word of. */
export function resolveLayout(request: LayoutRequest): InstanceLayout {
  const { instance } = request;
  if (instance !== undefined && !/^[a-z0-9][a-z0-9-]{0,30}$/.test(instance)) {
    throw new Fault(`"${instance}" can't be the name of an instance`, {
      next: 'Use up to 31 small letters, digits and hyphens, beginning with a letter or digit.',
      code: 'usage',
    });
  }
  const asked = layoutFor(request);
  if (request.dataDir !== undefined && request.sealDir !== undefined) return asked;
  const pointer = findPointer(asked);
  if (!pointer) return asked;
  const dataDir = request.dataDir ?? pointer.dataDir ?? undefined;
  // Another directory than the one that is known by this name: an instance of its own.
  if (pointer.dataDir !== null && dataDir !== pointer.dataDir) return asked;
  return layoutFor({ ...request, dataDir, sealDir: request.sealDir ?? pointer.sealDir });
}

function findPointer(layout: InstanceLayout): { dataDir: string | null; sealDir: string } | null {
  try {
    return JSON.parse(readFileSync(pointerFile(layout), 'utf8')) as {
      dataDir: string | null;
      sealDir: string;
    };
  } catch {
    return null;
  }
}
