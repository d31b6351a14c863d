import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { refuseOtherCluster } from './refuse-other-cluster.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'casemate-cluster-'));
const dataOf = (version: string) => writeFileSync(path.join(dir, 'PG_VERSION'), `${version}\n`);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the data of a container', () => {
  it.each(['17', '19'])(
    'DEP-06: of PostgreSQL %s is refused before anything is changed',
    async (of) => {
      dataOf(of);
      await expect(refuseOtherCluster(dir, '18.6')).rejects.toMatchObject({
        message: `The data of the volume is of PostgreSQL ${of}`,
        next: expect.stringContaining('docs/upgrade.md'),
      });
      expect(readdirSync(dir)).toEqual(['PG_VERSION']);
    },
  );

  it('DEP-06: of the same major version is opened', async () => {
    dataOf('18');
    await expect(refuseOtherCluster(dir, '18.6')).resolves.toBeUndefined();
    await expect(refuseOtherCluster(dir, '18.9')).resolves.toBeUndefined();
  });
});
