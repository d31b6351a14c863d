import { describe, expect, it } from '@jest/globals';
import { addLogs, type SearchedLog } from './add-logs.ts';
import { createLedger } from './ledger.ts';
import { KINDS, type Report } from './report.ts';

/** A clean report of one attempt in each kind. */
function cleanReport(): Report {
  const ledger = createLedger();
  for (const kind of KINDS) {
    ledger.attempt({ kind, name: 'try', twin: kind }, null);
    ledger.twin(kind, kind, null);
  }
  const of = { version: '1', at: new Date(0), seconds: 1, lasted: new Map(), skipped: [] };
  return ledger.report(of);
}

const log = (name: string, more: Partial<SearchedLog> = {}): SearchedLog => ({
  name,
  bytes: 10,
  holds: 0,
  tells: true,
  ...more,
});
const all = [log('server.log'), log('postgresql.log'), log('openbao/audit-1.log')];

describe('the logs of an isolation test', () => {
  it('ISO-09: a canary in a log is a leak', () => {
    const report = addLogs(cleanReport(), [...all, log('ollama.log', { holds: 2 })]);
    expect(report.ok).toBe(false);
    expect(report.leaks).toMatchObject([{ attempt: 'the log ollama.log', rows: 2 }]);
  });

  it('ISO-09: a log that names no canary tenant shows nothing', () => {
    const silent = all.map((one) => (one.name === 'server.log' ? { ...one, tells: false } : one));
    const report = addLogs(cleanReport(), silent);
    expect(report.ok).toBe(false);
    expect(report.not_shown).toMatchObject([{ attempt: 'the log of server' }]);
  });

  it('ISO-09: without a leak the report stays clean, and counts them', () => {
    const before = cleanReport();
    const report = addLogs(before, all);
    expect(before.ok).toBe(true);
    expect(report).toMatchObject({
      ok: true,
      attempts: before.attempts + 3,
      twins: before.twins + 3,
    });
  });
});
