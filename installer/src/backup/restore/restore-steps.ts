import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setRotatorPassword } from '../../database/bootstrap.ts';
import { writeClusterConf } from '../../database/init-cluster.ts';
import { loginAccounts } from '../../database/login-accounts.ts';
import { Fault } from '../../fault.ts';
import { ensureDir } from '../../host/write-file.ts';
import { databaseAccess } from '../../steps/create-database-accounts.ts';
import { clusterOptions } from '../../steps/create-database-cluster.ts';
import { withEngine } from '../../steps/give-database-passwords.ts';
import { installSteps } from '../../steps/install-steps.ts';
import type { InstallContext, Step } from '../../steps/step.ts';
import { connectEngine, rotateAccounts } from '../../vault/database-engine.ts';
import { findDifferences, hashTables } from '../hash-tables.ts';
import type { BackupContents, BackupManifest } from '../manifest.ts';
import { openSession } from '../psql-session.ts';
import type { RecoverySecrets } from '../recovery-record.ts';
import { placeFiles, placeSealKey } from './place-parts.ts';
import { recoverDatabase, type Recovery } from './recover-database.ts';
import { restoreKeyService } from './restore-key-service.ts';
import type { Stage } from './stage.ts';

/** What is restored, and how far the log is replayed. */
export type Choice = {
  manifest: BackupManifest;
  contents: BackupContents;
  until: Recovery['until'];
};

export type Laying = Choice & { stage: Stage; secrets: Pick<RecoverySecrets, 'sealKeys'> };

/** The steps of an installation; where one would make something new, what was saved is put instead. */
export function restoreSteps(laying: Laying, result: { compared: number | null }): Step[] {
  const own: Record<string, Step> = {
    'write-seal-key': step(
      'put-files',
      'Put files, settings and seal key back',
      async (context) => {
        await placeFiles(context.layout, laying.stage, laying.manifest);
        await placeSealKey(context.layout, laying.manifest, laying.secrets);
      },
    ),
    'create-database-cluster': step('recover-database', 'Recover the database', async (context) => {
      result.compared = await recover(context, laying);
    }),
    'initialise-key-service': step('put-keys', 'Put the key service back', (context) =>
      restoreKeyService(context, laying.stage),
    ),
  };
  return installSteps().flatMap((one) => {
    const put = own[one.id] ?? one;
    return one.id === 'ensure-key-service' ? [put, renewPasswordsStep] : [put];
  });
}

export const renewPasswordsStep: Step = {
  id: 'renew-passwords',
  title: 'Renew the database passwords',
  isDone: () => false,
  apply: (context) => renewPasswords(context),
};

function step(id: string, title: string, apply: (context: InstallContext) => Promise<void>): Step {
  return { id, title, isDone: () => false, apply };
}

async function recover(context: InstallContext, laying: Laying): Promise<number | null> {
  const { stage, until, contents } = laying;
  const { layout, settings, paths } = context;
  const runAs = clusterOptions(context).runAs;
  await writeClusterConf({ ...clusterOptions(context), clusterDir: stage.databaseDir });
  const { databaseDir, walDir } = stage;
  const compared = await recoverDatabase(
    { layout, settings, databaseDir, walDir, until },
    async (access) => {
      if (until === 'end' || !('point' in until)) return null;
      const session = openSession(access, 'casemate');
      const found = await hashTables(session.run).finally(session.close);
      const wrong = findDifferences(contents.tables, found);
      if (wrong.length === 0) return found.length;
      throw new Fault(`${wrong.length} tables differ from what was noted at the backup`, {
        why: wrong.slice(0, 5).join(', '),
        next: 'Restore an earlier backup: `casemate backup list`.',
        code: 'damaged',
      });
    },
  );
  await ensureDir(path.dirname(paths.databaseDir), { mode: 0o700, owner: runAs });
  await rename(databaseDir, paths.databaseDir);
  return compared;
}

/** The restored key service may know other passwords than the restored database: all are drawn anew. */
async function renewPasswords(context: InstallContext): Promise<void> {
  const password = randomBytes(32).toString('hex');
  await setRotatorPassword(databaseAccess(context), password);
  await withEngine(context, async (engine) => {
    await connectEngine(engine, password);
    await rotateAccounts(engine, loginAccounts);
  });
}
