import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendToLedgerFile, nextDeletion, readLedgerFile, type Deletion } from './ledger-file.ts';

describe('the file of the ledger of deletions', () => {
  const dir = mkdtempSync('/tmp/cml-');
  const file = join(dir, 'ledger.jsonl');
  let entries: Deletion[];

  beforeEach(async () => {
    rmSync(file, { force: true });
    const deletedAt = '2026-11-22T12:00:00.000Z';
    const a = nextDeletion(undefined, { tenantId: 'a', deletedAt });
    const b = nextDeletion(a, { tenantId: 'b', deletedAt });
    entries = [a, b, nextDeletion(b, { tenantId: 'c', deletedAt })];
    await appendToLedgerFile(file, entries);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('ENC-09: is refused when a line was changed, taken out or put elsewhere', async () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const [a = '', b = '', c = ''] = lines;
    for (const forged of [
      [a, c],
      [b, a, c],
      [a, b.replace('"b"', '"x"'), c],
    ]) {
      writeFileSync(file, `${forged.join('\n')}\n`);
      await expect(readLedgerFile(file)).rejects.toThrow(/was changed: line/);
    }
    writeFileSync(file, `${lines.join('\n')}\n`);
    await expect(readLedgerFile(file)).resolves.toEqual(entries);
  });

  it('passes over the half line of an interrupted write, and writes it anew', async () => {
    const next = nextDeletion(entries.at(-1), {
      tenantId: 'd',
      deletedAt: '2026-11-22T13:00:00.000Z',
    });
    appendFileSync(file, JSON.stringify(next).slice(0, 30));
    await expect(readLedgerFile(file)).resolves.toEqual(entries);
    await appendToLedgerFile(file, [next]);
    await expect(readLedgerFile(file)).resolves.toEqual([...entries, next]);
  });

  it('is empty where there is none', async () => {
    await expect(readLedgerFile(join(dir, 'none'))).resolves.toEqual([]);
  });
});
