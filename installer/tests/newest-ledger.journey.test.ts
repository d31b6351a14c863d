import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyParts } from '../src/backup/key-snapshot.ts';
import { ensureRepository, restic, save, type Repositories } from '../src/backup/restic.ts';
import { bringNewestLedger, stageAt } from '../src/backup/restore/stage.ts';
import { defaultCacheDir, ensureComponent } from '../src/components/index.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cml-'));
const at = (name: string) => path.join(dir, name);
let repositories: Repositories;

/** A snapshot of the key service, of which only the ledger counts here. */
async function saveLedger(text: string | null): Promise<string> {
  const folder = at('folder');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(path.join(folder, keyParts.raft), `keys ${Math.random()}`);
  if (text !== null) writeFileSync(path.join(folder, keyParts.ledger), text);
  const saved = await save(repositories, 'keys', { tags: ['keys'], args: ['.'], cwd: folder });
  return saved.snapshot;
}

/** What a restore lays down that chose this snapshot. */
async function ledgerAfter(snapshot: string): Promise<string> {
  const stage = stageAt(mkdtempSync(at('stage-')));
  const args = ['restore', snapshot, '--target', stage.keysDir, '--quiet'];
  await restic(repositories, 'keys', { args });
  await bringNewestLedger(repositories, stage);
  return readFileSync(path.join(stage.keysDir, keyParts.ledger), 'utf8');
}

beforeAll(async () => {
  const report = () => undefined;
  const found = await ensureComponent('restic', { cacheDir: defaultCacheDir({}), report });
  writeFileSync(at('password'), 'password of the repository', { mode: 0o600 });
  repositories = {
    ...{ restic: found.executables['restic'] ?? '', target: at('target'), files: {} },
    ...{ cacheDir: at('cache'), passwordFile: () => at('password') },
  };
  await ensureRepository(repositories, 'keys');
}, 600_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a restore of an older snapshot of the key service', () => {
  it('ENC-09: brings the newest ledger of deletions, so that nobody rises who was deleted since', async () => {
    const old = await saveLedger('first\n');
    await saveLedger('first\nsecond\n');
    expect(await ledgerAfter(old)).toBe('first\nsecond\n');
  }, 60_000);

  it('ENC-09: keeps its own where the newest has none', async () => {
    const old = await saveLedger('first\nsecond\n');
    await saveLedger(null);
    expect(await ledgerAfter(old)).toBe('first\nsecond\n');
  }, 60_000);
});
