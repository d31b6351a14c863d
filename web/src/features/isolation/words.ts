import type { IsolationRun } from '../../lib/api/types.ts';

/** What each kind of attempts is, for whoever reads the report. */
export const kindWords: Readonly<Record<string, string>> = {
  routes: 'Every route with the other tenant’s ids, in every role',
  credentials: 'Forged, expired, ended and mixed credentials',
  injection: 'SQL in every text field',
  streams: 'Stolen ids of an answer while it is written',
  jobs: 'Forged work in the queue',
  tables: 'Every table, with every wrong role and proof',
  connections: 'What a failed transaction leaves behind, and the other’s sessions',
  fields: 'Encrypted texts moved to another place',
  keys: 'Foreign keys, contexts and proofs',
  files: 'Originals of documents, and names that climb',
  caches: 'What one tenant’s request leaves for the next',
  channels: 'Notifications between processes',
  traces: 'Metrics, errors, the audit and, by the command, all logs',
};

type Verdict = { tone: 'good' | 'busy' | 'warn' | 'bad'; words: string };

/** What became of a run, in a few words. */
export function verdictOf({ state, ok, report }: IsolationRun): Verdict {
  if (state === 'running') return { tone: 'busy', words: 'Under way' };
  if (state !== 'done' || !report) return { tone: 'warn', words: 'Did not end' };
  if (report.leaks.length > 0) return { tone: 'bad', words: 'Something leaked' };
  if (report.skipped.length > 0) return { tone: 'warn', words: 'In part only' };
  return ok ? { tone: 'good', words: 'Nothing leaked' } : { tone: 'warn', words: 'Not all shown' };
}
