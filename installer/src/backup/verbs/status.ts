import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { visible } from '../../tenants/ask-server.ts';
import { findRecipient, getPlan } from '../plan.ts';
import { readState, type BackupState } from '../state.ts';

/** What was done last, what failed since, and what is missing. */
export async function status(call: CommandCall): Promise<ExitName> {
  const { layout, paint } = call;
  const plan = await getPlan(layout);
  const state = await readState(layout);
  const { backup, keys, log, drill } = state;
  const held = drill && (drill.passed ? drill.said : paint('red', `failed: ${drill.said}`));
  const failures = Object.entries(state.failed ?? {}).flatMap(([task, failure]) =>
    failure ? [{ task, ...failure }] : [],
  );
  const escrow = (await findRecipient(layout)) !== undefined;
  const late = isLate(backup?.at, plan.everyHours);
  const never = paint('red', 'never');
  const lines = [
    `Backup       ${backup ? `${backup.at}  ${backup.id}` : never}${late && backup ? paint('red', '  overdue') : ''}`,
    `Database log ${log?.at ?? never}`,
    `Key service  ${keys?.at ?? never}`,
    `Drill        ${drill ? `${drill.at}  ${held ?? ''}` : never}`,
    `Escrow       ${escrow ? 'wrapped to the recipient’s key' : paint('red', 'none: casemate backup key --out FILE')}`,
    ...interrupted(state, paint),
    ...failures.map(({ task, at, why, times }) =>
      paint('red', `Failed       ${task}, ${times} times, last ${at}: ${why}`),
    ),
  ];
  call.answer(lines.join('\n'), { plan, state, escrow, late });
  return isWell(state, escrow && !late && failures.length === 0) ? 'ok' : 'unhealthy';
}

/** What waits for somebody. */
function interrupted({ restoring, gap }: BackupState, paint: Paint): string[] {
  const restore = restoring && [
    paint('red', `A restore of ${visible(restoring.name)} was interrupted at ${restoring.at}:`),
    'run it again. It is either as before or as in the backup, and closed until then.',
  ];
  const thrown = gap !== undefined && [
    paint('red', `The log that waited took too much room and was thrown away at ${gap}:`),
    'until the next backup nothing later than the last one can be restored.',
  ];
  return [...(restore ?? []), ...(thrown || [])];
}

function isWell({ backup, drill, restoring, gap }: BackupState, otherwise: boolean): boolean {
  return (
    otherwise &&
    backup?.complete === true &&
    drill?.passed !== false &&
    restoring === undefined &&
    gap === undefined
  );
}

function isLate(at: string | undefined, everyHours: number): boolean {
  return at === undefined || Date.now() - new Date(at).getTime() > 2 * everyHours * 3_600_000;
}
