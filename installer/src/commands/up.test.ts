import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { restoreJournal } from '../backup/restore/restore-journal.ts';
import { tempDir } from '../components/testing/temp-dir.ts';
import { layoutFor } from '../instance/layout.ts';
import type { CommandCall } from './command.ts';
import { restart } from './restart.ts';
import { up } from './up.ts';

describe('starting an instance', () => {
  it.each([up, restart])(
    'RES-04: `$name` refuses one that an interrupted restore left half, and says how it goes on',
    async ({ run }) => {
      const layout = layoutFor({
        ...{ instance: 'half', dataDir: tempDir(), asRoot: false },
        env: {},
      });
      const call = { flags: {}, words: [], layout } as unknown as CommandCall;
      const journal = restoreJournal(layout);
      mkdirSync(path.dirname(journal), { recursive: true });
      await expect(run(call)).rejects.toMatchObject({
        message: expect.not.stringContaining('interrupted'),
      });
      writeFileSync(journal, '{}');
      await expect(run(call)).rejects.toMatchObject({
        message: 'A restore of this instance was interrupted',
        next: expect.stringContaining('casemate backup restore'),
      });
    },
  );
});
