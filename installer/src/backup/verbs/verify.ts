import { rm } from 'node:fs/promises';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { getSettings } from '../../instance/settings.ts';
import { instancePaths } from '../../instance/paths.ts';
import { executable } from '../../supervisor/process-specs.ts';
import { openBackups } from '../plan.ts';
import { chooseBackup, readBackups, readContents } from '../read-backups.ts';
import { restic } from '../restic.ts';
import { withRepositories } from '../restore/open-repositories.ts';
import { bringParts, examineParts, removeStage, stageAt } from '../restore/stage.ts';
import { makeScratch } from '../scratch.ts';
import { toldBy } from '../told-by.ts';

/** Fetches a backup whole and examines each part; nothing of the instance is touched. */
export async function verify(call: CommandCall): Promise<ExitName> {
  const { layout } = call;
  const settings = await getSettings(layout);
  const { repositories } = await openBackups(layout, settings);
  const told = toldBy(call.reporter);
  const manifest = chooseBackup(await readBackups(repositories), { id: call.words[1] });
  const identityFile = textFlag(call, 'identity');
  const { backupDir } = instancePaths(layout);
  const { restic: program, target, files } = repositories;
  if (identityFile !== undefined)
    await told('Open the escrow with the private key', () =>
      withRepositories(
        { restic: program, target, files, identityFile },
        backupDir,
        ({ secrets }) => {
          if (secrets.sealKeys[manifest.keys.sealKey]) return Promise.resolve();
          throw new Fault('The seal key of this backup is not in escrow', {
            next: 'Run `casemate backup create`; this backup restores on no other host.',
            code: 'unhealthy',
          });
        },
      ),
    );
  const stage = stageAt(await makeScratch(backupDir, 'verify'));
  try {
    await told('Read both repositories whole', async () => {
      for (const name of ['data', 'keys'] as const)
        await restic(repositories, name, { args: ['check', '--read-data'] });
    });
    const contents = await readContents(repositories, manifest);
    await told('Fetch the backup', () =>
      bringParts(repositories, stage, {
        ...{ manifest, contents, keysSnapshot: manifest.keys.snapshot },
        logUntil: 'point',
      }),
    );
    const verifier = executable(settings, 'postgresql', 'pg_verifybackup');
    const count = await told('Examine every part', () => examineParts(stage, contents, verifier));
    const text = `${manifest.id} is whole: ${count} files, ${contents.tables.length} tables noted.`;
    call.answer(text, { id: manifest.id, files: count, tables: contents.tables.length });
    return 'ok';
  } finally {
    await removeStage(stage);
    await rm(stage.dir, { recursive: true, force: true });
  }
}
