import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDir } from '../src/host/write-file.ts';
import { rotateAuditLogs } from '../src/supervisor/rotate-audit-logs.ts';
import { startChild } from '../src/test-parts/start-child.ts';
import { unprivileged } from '../src/test-parts/unprivileged.ts';
import { startVaultPart } from '../src/test-parts/vault-part.ts';
import { requestVault } from '../src/vault/request.ts';

const isRoot = process.getuid?.() === 0;

/** What the disk watch is for, on a disk of four mebibytes. */
(isRoot ? describe : describe.skip)('OBS-01: a full disk of audit files', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmf-'));
  const audit = path.join(dir, 'audit');
  let vault: Awaited<ReturnType<typeof startVaultPart>>;
  let token: string;

  beforeAll(async () => {
    const runAs = unprivileged();
    await ensureDir(dir, { mode: 0o711 });
    mkdirSync(audit);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', audit]);
    if (runAs) chownSync(audit, runAs.uid, runAs.gid);
    const place = { dir, cacheDir: undefined, runAs, launch: startChild };
    vault = await startVaultPart(place, undefined, audit);
    token = await vault.operatorToken();
  }, 60_000);
  afterAll(async () => {
    await vault?.stop();
    execFileSync('umount', [audit]);
    rmSync(dir, { recursive: true });
  });

  const statusOf = async (): Promise<number> =>
    (
      await requestVault({
        socketPath: vault.socket,
        token,
        method: 'GET',
        path: 'auth/token/lookup-self',
      })
    ).status;
  const fill = (name: string): void => {
    const block = Buffer.alloc(64 * 1024);
    const blocks: Buffer[] = [];
    try {
      for (;;) {
        blocks.push(block);
        writeFileSync(path.join(audit, name), Buffer.concat(blocks));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
    // The last pages, too.
    execFileSync('sh', [
      '-c',
      `while printf x >> "${path.join(audit, name)}"; do :; done 2>/dev/null; true`,
    ]);
  };

  it('OBS-01: stops the key service, which gives no key out that it can not write down', async () => {
    expect(await statusOf()).toBe(200);
    fill('others-file');
    let refused = 0;
    // What fits into the last page of the files is still taken.
    for (let turn = 0; turn < 40; turn += 1) if ((await statusOf()) >= 500) refused += 1;
    expect(refused).toBeGreaterThan(5);
    expect(await statusOf()).toBeGreaterThanOrEqual(500);
  }, 60_000);

  it('OBS-01: goes on by itself when there is room, without a restart', async () => {
    rmSync(path.join(audit, 'others-file'));
    expect(await statusOf()).toBe(200);
  });

  it('OBS-01: is kept from it by the rotation, which lets old copies go, and nothing else', async () => {
    writeFileSync(path.join(audit, 'audit-1.log.1'), Buffer.alloc(1024 * 1024));
    writeFileSync(path.join(audit, 'audit-2.log.1'), Buffer.alloc(1024 * 1024));
    fill('audit-2.log.2');
    expect(await statusOf().then(async () => statusOf())).toBeGreaterThan(0);
    rotateAuditLogs({ dir: audit, reopen: () => true });
    expect(readdirSync(audit).sort()).toEqual([
      'audit-1.log',
      'audit-1.log.1',
      'audit-2.log',
      'audit-2.log.1',
    ]);
    for (let turn = 0; turn < 10; turn += 1) expect(await statusOf()).toBe(200);
  }, 60_000);
});
