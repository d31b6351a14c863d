import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findHolder } from '../components/with-lock.ts';
import { waitUntil } from '../host/wait-until.ts';
import { layoutFor } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { endBackups } from './end-backups.ts';
import { backupFiles } from './plan.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cmeb-'));
const layout = layoutFor({ dataDir: root, asRoot: false, env: {} });
const { lockDir } = backupFiles(layout);
const { backupDir } = instancePaths(layout);

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes without end, and has a child that does the same: what a drill does to its stage. */
async function startDrill(): Promise<{ drill: ChildProcess; stage: string }> {
  const write = 'while :; do mkdir -p "$0/database/$$"; : > "$0/database/$$/file"; done';
  const drill = spawn('/bin/sh', ['-c', `read place; sh -c '${write}' "$place"; true`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stage = path.join(backupDir, `drill-${drill.pid}-abcdef`);
  mkdirSync(stage, { recursive: true });
  drill.stdin?.end(`${stage}\n`);
  await waitUntil(() => existsSync(path.join(stage, 'database')), 5000);
  return { drill, stage };
}

function hold(pid: number): void {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  mkdirSync(lockDir, { recursive: true });
  writeFileSync(path.join(lockDir, `${pid}.${started}`), '');
}

describe('ending what works on the backups', () => {
  it('RES-04: ends a drill with all that it started, and leaves nothing that it had opened', async () => {
    const { drill, stage } = await startDrill();
    const closed = once(drill, 'close');
    hold(drill.pid ?? 0);
    await endBackups(layout);
    await closed;
    expect(drill.signalCode).toBe('SIGKILL');
    expect(await findHolder(lockDir)).toBeUndefined();
    // Its child would have made it again at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(stage)).toBe(false);
  });

  it('does nothing where nothing runs, nor to who only had the lock before', async () => {
    rmSync(lockDir, { recursive: true, force: true });
    await endBackups(layout);
    mkdirSync(lockDir, { recursive: true });
    writeFileSync(path.join(lockDir, `${process.pid}.1`), '');
    await endBackups(layout);
    expect(existsSync(path.join(lockDir, `${process.pid}.1`))).toBe(false);
  });
});
