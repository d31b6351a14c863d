import { askServerCommand } from '../../commands/ask-server-command.ts';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { getSettings } from '../../instance/settings.ts';
import { visible } from '../../tenants/ask-server.ts';
import { openBackups } from '../plan.ts';
import { restoreTenant, type Restorable } from '../restore/tenant/restore-tenant.ts';
import { toldBy } from '../told-by.ts';
import { withBackupLock } from '../with-backup-lock.ts';

/** One tenant alone, into the running instance. */
export async function restoreOneTenant(
  call: CommandCall,
  wish: { tenant: string; id: string | undefined; at: Date | undefined },
): Promise<ExitName> {
  const { layout, reporter } = call;
  for (const flag of ['from', 'identity'])
    if (textFlag(call, flag) !== undefined)
      throw new Fault(`--${flag} is for a whole instance`, {
        why: 'One tenant comes from the backups of this instance itself.',
        code: 'usage',
      });
  if (wish.id === undefined && wish.at === undefined)
    throw new Fault('Say which state of the tenant: a backup, or --at TIME', {
      next: '`casemate backup list` shows the backups.',
      code: 'usage',
    });
  const context = await openBackups(layout, await getSettings(layout));
  const tenant = await askServerCommand<Restorable>(call, 'tenants', {
    verb: 'restorable',
    tenant: wish.tenant,
  });
  const as = textFlag(call, 'as');
  if (as === undefined) await confirm(call, tenant);
  const done = await withBackupLock(layout, reporter, () =>
    restoreTenant({ ...{ context, tenant, as, told: toldBy(reporter) }, id: wish.id, at: wish.at }),
  );
  const lines = [
    `${visible(done.name)} is as it was in ${done.backup}: ${done.rows} rows of ${done.tables} tables.`,
    ...(as === undefined
      ? ['Who may enter it, and its own audit log, are as they were before.']
      : [`${done.fields} fields were encrypted under its own keys. Nobody is a member of it yet.`]),
  ];
  call.answer(lines.join('\n'), done);
  return 'ok';
}

async function confirm(call: CommandCall, { name }: Restorable): Promise<void> {
  const typed =
    textFlag(call, 'confirm') ??
    (await call.ask(
      `What ${visible(name)} holds now is replaced; what was made since is lost. Type its name: `,
    ));
  if (typed === name) return;
  throw new Fault(
    typed === null
      ? 'Nobody is there to type the name; give it with --confirm NAME'
      : 'That is not the name of the tenant',
    { next: 'Nothing was changed. With --as NAME a new tenant is made beside it.', code: 'usage' },
  );
}
