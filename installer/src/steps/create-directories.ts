import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../host/write-file.ts';
import { dirsAreRight, ensureDirs, wantedDirs } from '../instance/ensure-dirs.ts';
import { refuseClosedParents } from '../instance/refuse-closed-parents.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { Step } from './step.ts';

/** Makes the directories, and leaves word where the instance of this name lives. */
export const createDirectories: Step = {
  id: 'create-directories',
  title: 'Create the directories',
  isDone: async ({ layout }) => {
    const { lasting, running } = wantedDirs(layout);
    const pointer = await readFile(pointerFile(layout), 'utf8').catch(() => '');
    return pointer === pointerText(layout) && (await dirsAreRight([...lasting, ...running]));
  },
  apply: async ({ layout }) => {
    const { lasting, running } = wantedDirs(layout);
    if (layout.asRoot) refuseClosedParents(topDirs(layout));
    await ensureDirs([...lasting, ...running]);
    await writeFileAtomically(pointerFile(layout), pointerText(layout), { mode: 0o644 });
  },
};

export function pointerFile(layout: Pick<InstanceLayout, 'pointerDir'>): string {
  return path.join(layout.pointerDir, 'location.json');
}

function pointerText(layout: InstanceLayout): string {
  return `${JSON.stringify({ dataDir: layout.root, sealDir: layout.sealDir })}\n`;
}

/** What the services reach from outside; below, the rights are ours. */
function topDirs(layout: InstanceLayout): string[] {
  if (layout.root) return [layout.root, layout.sealDir];
  return [layout.configDir, layout.dataDir, layout.logDir, layout.programsDir, layout.sealDir];
}
