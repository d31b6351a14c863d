import { compareVersions } from '../audit/compare-versions.ts';
import type { Match } from '../audit/osv.ts';

export type Present = { ecosystem: string; name: string; version: string; newest: string | null };
export type Proposal = {
  name: string;
  from: string;
  to: string;
  step: 'patch' | 'minor' | 'major';
  /** Advisories about the present version that the newest is not under. */
  mends: string[];
};

/** What could be newer, what mends something first, then the smaller steps. Never an older or a trial version. */
export function proposeUpdates(
  present: readonly Present[],
  matches: (version: Pick<Present, 'ecosystem' | 'name' | 'version'>) => readonly Match[],
): Proposal[] {
  const order = { patch: 0, minor: 1, major: 2 };
  return present
    .flatMap(({ newest, ...part }) => {
      if (newest === null || /-/.test(newest)) return [];
      if (compareVersions(part.ecosystem, newest, part.version) <= 0) return [];
      const still = new Set(
        matches({ ...part, version: newest }).map(({ advisory }) => advisory.id),
      );
      const mends = matches(part)
        .filter(({ advisory }) => !still.has(advisory.id))
        .map(({ advisory: { id, aliases = [] }, severity }) => {
          const cve = aliases.find((one) => one.startsWith('CVE-'));
          return `${cve ?? id} (${severity})`;
        });
      const step = stepOf(part.version, newest);
      return [
        { name: part.name, from: part.version, to: newest, step, mends: [...new Set(mends)] },
      ];
    })
    .sort(
      (a, b) =>
        b.mends.length - a.mends.length ||
        order[a.step] - order[b.step] ||
        (a.name < b.name ? -1 : 1),
    );
}

function stepOf(from: string, to: string): Proposal['step'] {
  const [one, two] = [from, to].map((version) => version.replace(/^v/, '').split('.'));
  if (one?.[0] !== two?.[0]) return 'major';
  return one?.[1] === two?.[1] ? 'patch' : 'minor';
}
