import { compareVersions } from '../bundle/elf.ts';
import { casemateVersion } from '../commands/version.ts';
import { Fault } from '../fault.ts';

/** What a later version wrote may hold what this one does not know; its format says so, too. */
export function refuseNewer(
  what: string,
  { format, version }: { format: number; version: string },
  present = casemateVersion(),
): void {
  if (format === 1 && compareVersions(version, present) <= 0) return;
  throw new Fault(`${what} comes from a newer version`, {
    why: `It was made by ${version}; this is ${present}, which does not know its data.`,
    next: `Nothing was changed. Use the installer of ${version}.`,
    code: 'path',
  });
}
