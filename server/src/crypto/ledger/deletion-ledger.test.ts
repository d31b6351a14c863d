import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { VaultError, type Platform } from '../../platform/index.ts';
import { findLedgerFault, markKeyService, recordDeletion } from './deletion-ledger.ts';
import type { Deletion } from './ledger-file.ts';

describe('the ledger of deletions and its mark in the key service', () => {
  const dir = mkdtempSync('/tmp/cml-');
  const file = join(dir, 'ledger.jsonl');
  let rows: Deletion[];
  let mark: string | undefined;
  let stores: Pick<Platform, 'config' | 'db' | 'vault'>;

  beforeEach(async () => {
    rmSync(file, { force: true });
    [rows, mark] = [[], undefined];
    const tx = {
      query: (text: string) => Promise.resolve(text.includes(' desc ') ? rows.slice(-1) : rows),
      execute: (_text: string, [seq, tenantId, deletedAt, hash]: [number, string, Date, string]) =>
        Promise.resolve(
          rows.push({ seq, tenantId, deletedAt: new Date(deletedAt), hash } as never),
        ),
    };
    stores = {
      config: { CASEMATE_DELETION_LEDGER: file, CASEMATE_DATABASE_NAME: 'casemate' },
      db: { inControl: (work: (tx: unknown) => unknown) => Promise.resolve(work(tx)) },
      vault: {
        read: () =>
          mark === undefined
            ? Promise.reject(new VaultError(404, 'nothing there', null))
            : Promise.resolve({ data: { head: mark } }),
        write: (_path: string, { data }: { data: { head: string } }) => {
          mark = data.head;
          return Promise.resolve({});
        },
      },
    } as never;
    for (const tenant of ['older', 'newer']) {
      await recordDeletion(stores, tenant, new Date());
      await markKeyService(stores);
    }
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('ENC-09: an older database without the ledger file moves the mark not back, and serves not', async () => {
    const newest = mark;
    rows.pop();
    rmSync(file);
    expect(await findLedgerFault(stores)).not.toBeNull();
    await expect(markKeyService(stores)).rejects.toThrow(/put the newest ledger\.jsonl back/);
    expect(mark).toBe(newest);
    expect(await findLedgerFault(stores)).not.toBeNull();
  });

  it('ENC-09: an older key service is marked anew, and so is one that was never marked', async () => {
    const newest = mark;
    for (const behind of [rows[0]?.hash, undefined]) {
      mark = behind;
      await markKeyService(stores);
      expect(mark).toBe(newest);
      expect(await findLedgerFault(stores)).toBeNull();
    }
  });
});
