import { Fault } from '../fault.ts';
import { compareVersions } from './elf.ts';
import type { Manifest } from './manifest.ts';

export type InstalledVersion = { version: string; released: string | null };

/**
 * Refuses a bundle that is older than what is installed, that starts from a later version, or that
 * leaps over a version at which an upgrade must stop.
 */
export function refuseWrongPath(
  { version, released, upgrade }: Pick<Manifest, 'version' | 'released' | 'upgrade'>,
  installed: InstalledVersion,
): void {
  const order = compareReleases(version, installed.version);
  const older = order === 0 && installed.released !== null && released < installed.released;
  if (order < 0 || older)
    throw wrongPath(`A downgrade from ${installed.version} to ${version} is refused`, {
      why:
        order < 0
          ? 'An older version does not know what newer ones changed in the data.'
          : `This build of ${version} is from ${released}, the installed one from ${String(installed.released)}.`,
      next: 'Go back with `casemate rollback`, which knows what can be taken back.',
    });
  const skipped = upgrade.stops.filter(
    (stop) => compareReleases(stop, installed.version) > 0 && compareReleases(stop, version) < 0,
  );
  const [stop = upgrade.from] = skipped;
  if (skipped.length > 0 || compareReleases(installed.version, upgrade.from) < 0)
    throw wrongPath(`${installed.version} cannot be upgraded to ${version} in one step`, {
      why: `An upgrade must stop at ${skipped.length > 0 ? skipped.join(', ') : upgrade.from} on its way.`,
      next: `Upgrade to ${stop} first, then to ${version}.`,
    });
}

/** Semantic versions; one with a suffix (`1.2.0-rc.1`) stands before the one without. */
export function compareReleases(one: string, other: string): number {
  const [[a = '', preA], [b = '', preB]] = [one, other].map((text) => text.split(/-(.*)/s)) as [
    string[],
    string[],
  ];
  const order = compareVersions(a, b);
  if (order !== 0 || preA === preB) return order;
  if (preA === undefined || preB === undefined) return preA === undefined ? 1 : -1;
  return preA.localeCompare(preB, 'en', { numeric: true });
}

function wrongPath(what: string, { why, next }: { why: string; next: string }): Fault {
  return new Fault(what, { why: `${why} Nothing was changed on this host.`, next, code: 'path' });
}
