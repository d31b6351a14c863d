import type { WantedDir } from '../instance/ensure-dirs.ts';

/** tmpfiles.d(5): makes the directories of the sockets anew after each start of the host. */
export function temporaryFiles(dirs: readonly WantedDir[]): string {
  return dirs
    .map(({ dir, mode, owner }) => {
      const path = dir.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll(' ', '\\x20');
      return `d ${path} ${mode.toString(8).padStart(4, '0')} ${owner?.uid ?? 0} ${owner?.gid ?? 0} -\n`;
    })
    .join('');
}
