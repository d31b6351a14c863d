import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { layoutFor } from '../instance/layout.ts';
import { makeScratch, sweepScratch } from './scratch.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cms-'));
const layout = layoutFor({ dataDir: root, asRoot: false, env: {} });
const backupDir = path.join(layout.dataDir, 'backup');

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what a killed run left', () => {
  it('RES-04: is removed, and what a living one works in stays', async () => {
    mkdirSync(backupDir, { recursive: true });
    const own = await makeScratch(backupDir, 'verify');
    const { pid } = spawnSync('true');
    const dead = path.join(backupDir, `drill-${pid}-abcdef`);
    const [wal, cache] = ['wal', 'cache'].map((name) => path.join(backupDir, name));
    for (const dir of [dead, wal, cache]) mkdirSync(dir ?? '');
    expect(await sweepScratch(layout)).toBeGreaterThanOrEqual(1);
    expect([dead, own, wal, cache].map((dir) => existsSync(dir ?? ''))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
