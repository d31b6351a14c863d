import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { getSettings } from '../../instance/settings.ts';
import { drill } from '../drill.ts';
import { drillInside } from '../drill-inside.ts';
import { openBackups } from '../plan.ts';
import { toldBy } from '../told-by.ts';
import { tick as runTick } from '../tick.ts';
import { withBackupLock } from '../with-backup-lock.ts';

export async function holdDrill(call: CommandCall): Promise<ExitName> {
  const context = await openBackups(call.layout, await getSettings(call.layout));
  const report = await withBackupLock(call.layout, call.reporter, () =>
    drill(context, toldBy(call.reporter)),
  );
  const lines = [
    `Question  ${report.question}`,
    `Answer    ${report.answer}`,
    `The restored instance holds: ${report.tables} tables and ${report.files} files as noted.`,
  ];
  call.answer(lines.join('\n'), report);
  return 'ok';
}

/** For the drill itself, inside its namespaces. */
export async function drilled(call: CommandCall): Promise<ExitName> {
  const place = call.words[1];
  if (place === undefined) throw new Fault('Name the place', { code: 'usage' });
  const report = await drillInside(place, call.reporter);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 'ok';
}

/** For the timer. */
export async function tick(call: CommandCall): Promise<ExitName> {
  const result = await runTick(call.layout, await getSettings(call.layout), call.reporter);
  const lines = [
    ...result.done.map((task) => `done: ${task}`),
    ...result.failed.map(({ task, why }) => `failed: ${task}: ${why}`),
  ];
  call.answer(lines.join('\n') || 'Nothing is due.', result);
  return result.failed.length === 0 ? 'ok' : 'failed';
}
