import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { getSettings } from '../../instance/settings.ts';
import type { Paint } from '../../terminal/terminal.ts';
import type { BackupManifest } from '../manifest.ts';
import { openBackups } from '../plan.ts';
import { readBackups } from '../read-backups.ts';

export async function list(call: CommandCall): Promise<ExitName> {
  const { repositories } = await openBackups(call.layout, await getSettings(call.layout));
  const backups = await readBackups(repositories);
  const lines = backups.map((one) => manifestLine(one, call.paint));
  call.answer(lines.join('\n') || 'There is no backup yet: `casemate backup create`.', { backups });
  return 'ok';
}

export function manifestLine(manifest: BackupManifest, paint: Paint): string {
  const { id, version, tenants, database, files, complete } = manifest;
  const size = `${((database.bytes + files.bytes) / 1024 ** 2).toFixed(0)} MiB`;
  const state = complete ? 'complete' : paint('red', 'not complete');
  return `${id}  ${version}  ${tenants} tenants  ${size}  ${state}`;
}
