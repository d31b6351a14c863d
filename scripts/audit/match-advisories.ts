import { compareVersions } from './compare-versions.ts';
import type { Advisory, Match, Part, Severity } from './osv.ts';

type Affected = NonNullable<Advisory['affected']>[number];
type Range = NonNullable<Affected['ranges']>[number];

/** Which of the parts the advisories are about, by name and version. What was withdrawn counts no more. */
export function matchAdvisories(parts: readonly Part[], advisories: Iterable<Advisory>): Match[] {
  const byName = Map.groupBy(parts, keyOf);
  const matches: Match[] = [];
  for (const advisory of advisories) {
    if (advisory.withdrawn !== undefined) continue;
    for (const affected of advisory.affected ?? []) {
      if (!affected.package) continue;
      for (const part of byName.get(keyOf(affected.package)) ?? []) {
        const hit = hitBy(part, affected);
        if (hit) matches.push({ part, advisory, ...hit, severity: severityOf(advisory, affected) });
      }
    }
  }
  return matches;
}

const keyOf = ({ ecosystem, name }: { ecosystem: string; name: string }): string =>
  `${ecosystem} ${name}`;

function hitBy(
  part: Part,
  { ranges = [], versions = [] }: Affected,
): { fixed: string | null } | null {
  const hit = ranges.find((range) => range.type !== 'GIT' && isWithin(part, range));
  if (hit) return { fixed: fixedAfter(part, hit) };
  return versions.includes(part.version) ? { fixed: null } : null;
}

/** The events in the order of their versions: the last one that is not later than the part decides. */
function isWithin({ ecosystem, version }: Part, { events }: Range): boolean {
  const order = (a: string, b: string): number => compareVersions(ecosystem, a, b);
  const marks = events
    .flatMap((event) => Object.entries(event))
    .filter(([kind]) => ['introduced', 'fixed', 'last_affected'].includes(kind))
    .sort(([, a], [, b]) => order(a, b));
  let within = false;
  for (const [kind, at] of marks) {
    if (kind === 'introduced' && order(version, at) >= 0) within = true;
    if (kind === 'fixed' && order(version, at) >= 0) within = false;
    if (kind === 'last_affected' && order(version, at) > 0) within = false;
  }
  return within;
}

function fixedAfter({ ecosystem, version }: Part, { events }: Range): string | null {
  const fixes = events
    .flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed]))
    .filter((fixed) => compareVersions(ecosystem, fixed, version) > 0)
    .sort((a, b) => compareVersions(ecosystem, a, b));
  return fixes[0] ?? null;
}

const NAMES: Readonly<Record<string, Severity>> = {
  low: 'low',
  moderate: 'moderate',
  medium: 'moderate',
  high: 'high',
  critical: 'critical',
};

/** As the database says it, else by the vector of CVSS 3; `unknown` counts like high. */
function severityOf(advisory: Advisory, affected: Affected): Severity {
  const said = advisory.database_specific?.severity ?? affected.ecosystem_specific?.severity ?? '';
  const known = NAMES[said.toLowerCase()];
  if (known) return known;
  const vector = advisory.severity?.find(({ type }) => type === 'CVSS_V3')?.score;
  const score = vector === undefined ? null : baseScore(vector);
  if (score === null) return 'unknown';
  if (score >= 9) return 'critical';
  return score >= 7 ? 'high' : score >= 4 ? 'moderate' : 'low';
}

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};

/** CVSS 3.1, section 7.1; null for a vector that is not whole. */
export function baseScore(vector: string): number | null {
  const parts = new Map(vector.split('/').map((part) => part.split(':', 2) as [string, string]));
  const changed = parts.get('S') === 'C';
  const weight = (name: string): number => WEIGHTS[name]?.[parts.get(name) ?? ''] ?? Number.NaN;
  const rights = { N: 0.85, L: changed ? 0.68 : 0.62, H: changed ? 0.5 : 0.27 };
  const right = rights[parts.get('PR') as keyof typeof rights] ?? Number.NaN;
  const lost = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = changed ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  const ease = 8.22 * weight('AV') * weight('AC') * right * weight('UI');
  const sum = changed ? 1.08 * (impact + ease) : impact + ease;
  if (Number.isNaN(sum)) return null;
  return impact <= 0 ? 0 : Math.ceil(Math.min(sum, 10) * 10 - 1e-6) / 10;
}
