import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { getSettings } from '../../instance/settings.ts';
import { createBackup } from '../create-backup.ts';
import { expireBackups } from '../expire.ts';
import { openBackups } from '../plan.ts';
import { withBackupLock } from '../with-backup-lock.ts';
import { toldBy } from '../told-by.ts';
import { manifestLine } from './list.ts';

export async function create(call: CommandCall): Promise<ExitName> {
  const context = await openBackups(call.layout, await getSettings(call.layout));
  const told = toldBy(call.reporter);
  const manifest = await withBackupLock(call.layout, call.reporter, async () => {
    const made = await createBackup(context, told);
    await told('Forget what is over its time', () => expireBackups(context, new Date()));
    return made;
  });
  const lacks = manifest.missing.map((one) => call.paint('red', `Not complete: ${one}`));
  call.answer([manifestLine(manifest, call.paint), ...lacks].join('\n'), manifest);
  return manifest.complete ? 'ok' : 'unhealthy';
}
