const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

type Times = { from: string; until: string };

/** Until when there is a certificate that counts: the latest end of those that are in force. */
export function endOfCertificates(
  certificates: readonly Times[],
  now: Date,
): { state: 'none' | 'ended' | 'soon' | 'good'; until: string | null } {
  if (certificates.length === 0) return { state: 'none', until: null };
  const held = certificates.filter(({ until }) => new Date(until) > now);
  const ends = held.map(({ until }) => until).toSorted();
  const until = ends.at(-1) ?? null;
  if (until === null) return { state: 'ended', until };
  const soon = new Date(until).getTime() - now.getTime() <= WARN_DAYS * DAY_MS;
  return { state: soon ? 'soon' : 'good', until };
}
