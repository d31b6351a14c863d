import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestContext } from '../platform/index.ts';
import { knowledgeChecks } from './index.ts';
import { uploadsFolder } from './uploads/upload-path.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'uploads-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const run = () =>
  knowledgeChecks[0]?.run({
    platform: { config: { CASEMATE_DATA_DIR: data } },
    clock: { now: () => new Date() },
  } as unknown as RequestContext);

function lay(): string {
  const folder = path.join(uploadsFolder(data), `tenant_${'a'.repeat(32)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'original');
  writeFileSync(file, 'x', { mode: 0o600 });
  return file;
}

describe('INP-05: the live check of uploads', () => {
  it('INP-05: fails with an original that was left for two days', async () => {
    const file = lay();
    const before = new Date(Date.now() - 48 * 3_600_000);
    utimesSync(file, before, before);
    expect(await run()).toMatchObject({ status: 'fail' });
  });
  it('INP-05: fails with an original that others may read', async () => {
    chmodSync(lay(), 0o644);
    expect(await run()).toMatchObject({ status: 'fail' });
  });
  it('INP-05: passes with one that waits, and before the first upload', async () => {
    expect(await run()).toMatchObject({ status: 'pass' });
    lay();
    const found = await run();
    expect(found?.evidence).toContain('1 original(s) wait');
  });
});
