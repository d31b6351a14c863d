import type { Deadline } from '../resilience/deadline.ts';

/** Of the server's login roles; see bootstrap.sql. */
const LONGEST_MS = 60_000;

/** The time left of a request as PostgreSQL's `statement_timeout`, in milliseconds, never 0 (none). */
export function statementTimeout(deadline: Deadline | undefined): string {
  const left = deadline ? Math.ceil(deadline.remainingMs()) : LONGEST_MS;
  return String(Math.min(LONGEST_MS, Math.max(1, left)));
}
