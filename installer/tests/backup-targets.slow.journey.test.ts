import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureRepository, listSnapshots, restic, save } from '../src/backup/restic.ts';
import type { Repositories } from '../src/backup/restic.ts';
import { defaultCacheDir, ensureComponent } from '../src/components/index.ts';
import { hasS3, hasSftp, serveS3, serveSftp, type Served } from './target-servers.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cmt-'));
const canary = 'C-A-N-A-R-Y of the backup';
let program = '';

beforeAll(async () => {
  const report = () => undefined;
  const found = await ensureComponent('restic', { cacheDir: defaultCacheDir({}), report });
  program = found.executables['restic'] ?? '';
}, 600_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const servers = [
  ['SFTP, of OpenSSH', hasSftp, serveSftp],
  ['S3, of versitygw', hasS3, serveS3],
] as const;

for (const [name, here, serve] of servers)
  if (!here)
    it.skip(`a target by ${name} (untested: its server is not here; bring-target-servers.sh)`, () => {
      expect(here).toBe(true);
    });
  else
    describe(`a target by ${name}`, () => {
      let served: Served;
      const own = path.join(dir, name.slice(0, 2));

      beforeAll(async () => {
        mkdirSync(own);
        served = await serve(own);
        writeFileSync(path.join(own, 'password'), 'password of the repository', { mode: 0o600 });
      }, 60_000);
      afterAll(() => served.stop());

      const repositories = (files: Partial<Served> = {}): Repositories => ({
        restic: program,
        target: files.target ?? served.target,
        files: {
          credentials: files.credentials ?? served.credentials,
          trust: files.trust ?? served.trust,
        },
        cacheDir: path.join(own, 'cache'),
        passwordFile: () => path.join(own, 'password'),
      });
      const file = (fileName: string, text: string) => {
        const at = path.join(own, fileName);
        writeFileSync(at, text, { mode: 0o600 });
        return at;
      };

      it('is refused with other credentials', async () => {
        const wrong = readFileSync(served.credentials, 'utf8').replace(/x{24}|[A-Za-z]{12}/, 'y');
        const credentials = file('wrong', wrong);
        await expect(ensureRepository(repositories({ credentials }), 'data')).rejects.toThrow();
      }, 120_000);

      it('is not believed without what makes it believable', async () => {
        const trust = file('nobody', '');
        await expect(ensureRepository(repositories({ trust }), 'data')).rejects.toThrow();
      }, 120_000);

      it('takes a backup, lists it, examines it, and gives it back', async () => {
        const folder = path.join(own, 'folder');
        mkdirSync(folder);
        writeFileSync(path.join(folder, 'file'), canary);
        await ensureRepository(repositories(), 'data');
        const call = { tags: ['files', 'backup=b'], args: ['.'], cwd: folder };
        const { snapshot } = await save(repositories(), 'data', call);
        const found = await listSnapshots(repositories(), 'data', ['files']);
        expect(found.map(({ id }) => id)).toEqual([snapshot]);
        await restic(repositories(), 'data', { args: ['check', '--read-data'] });
        const to = path.join(own, 'back');
        await restic(repositories(), 'data', { args: ['restore', snapshot, '--target', to] });
        expect(readFileSync(path.join(to, 'file'), 'utf8')).toBe(canary);
        await restic(repositories(), 'data', { args: ['forget', '--prune', snapshot] });
        expect(await listSnapshots(repositories(), 'data', ['files'])).toEqual([]);
      }, 240_000);
    });
