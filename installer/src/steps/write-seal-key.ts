import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { Step } from './step.ts';

/** The key that opens the key service at each start. Lost, all encrypted data is lost with it. */
export const writeSealKey: Step = {
  id: 'write-seal-key',
  title: 'Draw the seal key',
  isDone: async ({ paths }) => {
    const found = await stat(paths.sealKeyFile).catch(() => undefined);
    if (found?.size === 32) return true;
    if (!existsSync(paths.vaultInitialisedFile)) return false;
    throw new Fault('The seal key of this instance is missing', {
      why: `${paths.vaultDir} was sealed with a key that should be in ${paths.sealKeyFile}.`,
      next: 'Restore that file from where you keep it apart from the backups. A new key can open nothing.',
    });
  },
  apply: async ({ layout, paths }) => {
    const owner = getAccounts(layout)['casemate-keys'];
    await writeFileAtomically(paths.sealKeyFile, randomBytes(32), { mode: 0o400, owner });
    return paths.sealKeyFile;
  },
};
