import type { Database } from './read-database.ts';
import type { Match, Part } from './osv.ts';
import { matchAdvisories } from './match-advisories.ts';

/** A finding that somebody looked at, why it does not matter here, and until when that is believed. */
export type Accepted = { id: string; package: string; until: string; reason: string };

export type Verdict = { refuses: string[]; mentions: string[]; audited: boolean; why?: string };

const DAY = 86_400_000;
/** An older database says nothing of what ships today. */
const OLDEST_DAYS = 45;
const REFUSED = ['high', 'critical', 'unknown'];

/** SUP-01: high, critical and unrated advisories refuse; the rest is mentioned. */
export function judge({
  parts,
  database,
  accepted,
  now,
}: {
  parts: readonly Part[];
  database: Database;
  accepted: readonly Accepted[];
  now: Date;
}): Verdict {
  const nothing = { refuses: [], mentions: [], audited: false };
  if (database.unreadable > 0)
    return { ...nothing, why: `${database.unreadable} advisories of the database can not be read` };
  if (database.advisories.length === 0 || !database.newest)
    return { ...nothing, why: 'the database holds no advisory' };
  const days = Math.floor((now.getTime() - database.newest.getTime()) / DAY);
  if (days > OLDEST_DAYS)
    return { ...nothing, why: `the newest advisory of the database is ${days} days old` };
  const found = matchAdvisories(parts, database.advisories).map((match) => ({
    line: lineOf(match),
    refused: REFUSED.includes(match.severity) && !isAccepted(match, accepted, now),
  }));
  const lines = (refused: boolean) => [
    ...new Set(found.filter((one) => one.refused === refused).map(({ line }) => line)),
  ];
  return { refuses: lines(true), mentions: lines(false), audited: true };
}

function lineOf({ part, advisory, fixed, severity }: Match): string {
  const names = [advisory.id, ...(advisory.aliases ?? []).filter((one) => one.startsWith('CVE-'))];
  const to = fixed === null ? 'no fixed version' : `fixed in ${fixed}`;
  return `${part.ecosystem} ${part.name} ${part.version}: ${severity}, ${names.join(' ')}, ${to}: ${advisory.summary ?? 'no summary'}`;
}

const isAccepted = ({ part, advisory }: Match, accepted: readonly Accepted[], now: Date): boolean =>
  accepted.some(
    ({ id, package: name, until, reason }) =>
      (id === advisory.id || advisory.aliases?.includes(id)) &&
      name === part.name &&
      reason.length > 10 &&
      new Date(until) > now,
  );
