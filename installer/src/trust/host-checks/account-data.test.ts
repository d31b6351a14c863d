import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fakeFile, fakePatient } from '../../doctor/fake-patient.ts';
import { accountData } from './account-data.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'logs-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type World = { log?: string; addresses?: string; tables?: string };

const TABLES = ['control', 'tenant_1', 'tenant_2', 'tenant_3'].map(
  (space) => `false ${space}.audit_events`,
);

const examine = ({
  log = '{}',
  addresses = 'ada@example.com',
  tables = TABLES.join('\n'),
}: World) => {
  const file = path.join(dir, 'server.log');
  writeFileSync(file, `first line\n${log}\n`);
  return accountData.run(
    fakePatient({
      listFiles: () => Promise.resolve([fakeFile(file)]),
      sql: (text) => Promise.resolve(text.includes('audit_events') ? tables : addresses),
    }),
  );
};

describe('PII-02: the addresses of accounts', () => {
  it('PII-02: fails when one stands in a log, in any spelling, and does not show it', async () => {
    const found = await examine({ log: '{"message":"hello ADA@Example.com"}' });
    expect(found.status).toBe('fail');
    expect(found.evidence).toContain('server.log');
    expect(found.evidence.toLowerCase()).not.toContain('ada@');
  });
  it('PII-02: fails when one stands in an audit table', async () => {
    const found = await examine({ tables: [...TABLES, 'true control.audit_log'].join('\n') });
    expect(found.status).toBe('fail');
    expect(found.evidence).toMatch(/stands in control\.audit_log\.$/);
  });
  it('PII-02: fails when it sees no audit table at all', async () => {
    expect((await examine({ tables: '' })).status).toBe('fail');
  });
  it('PII-02: a log that was moved aside meanwhile is no failure, one that cannot be read is', async () => {
    const listed = (file: string) =>
      accountData.run(
        fakePatient({
          listFiles: () => Promise.resolve([fakeFile(file)]),
          sql: (text) =>
            Promise.resolve(text.includes('audit_events') ? 'false a.b' : 'a@b.example'),
        }),
      );
    expect((await listed(path.join(dir, 'gone.log'))).status).toBe('pass');
    await expect(listed(dir)).rejects.toThrow(/EISDIR/);
  });
  it('PII-02: proves nothing before there is an account', async () => {
    expect((await examine({ addresses: '' })).status).toBe('not_applicable');
  });
  it('PII-02: holds where none is found', async () => {
    expect(await examine({})).toEqual({
      status: 'pass',
      evidence: '1 addresses of accounts are in none of 1 log files and 4 audit tables.',
    });
  });
});
