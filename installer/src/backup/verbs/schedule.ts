import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { getSettings } from '../../instance/settings.ts';
import { defaultPlan, findPlan, findRecipient, savePlan, type BackupPlan } from '../plan.ts';
import { note } from '../state.ts';
import { parseTarget } from '../target.ts';
import { archiveLog, superuser } from '../wal-archive.ts';

/** Plans the backups, or shows the plan. */
export async function schedule(call: CommandCall): Promise<ExitName> {
  const { layout } = call;
  const settings = await getSettings(layout);
  const before = await findPlan(layout);
  const target = textFlag(call, 'to') ?? before?.target;
  if (target === undefined)
    throw new Fault('No backups are planned for this instance', {
      next: 'casemate backup schedule --to TARGET',
      code: 'notInstalled',
    });
  const plan: BackupPlan = {
    ...defaultPlan,
    ...before,
    target: await usable(target, [layout.dataDir, layout.configDir, layout.sealDir]),
    ...numbers(call),
  };
  if (plan.keyRetentionDays > plan.retentionDays)
    throw new Fault('Snapshots of the key service must not stay longer than the backups', {
      why: `${plan.keyRetentionDays} days against ${plan.retentionDays}.`,
      code: 'usage',
    });
  await savePlan(layout, plan, {
    credentials: textFlag(call, 'credentials'),
    trust: textFlag(call, 'trust'),
  });
  await archiveLog(superuser({ layout, settings }), plan.logMinutes);
  // The certificates of deletions follow the plan.
  await note(layout, (state) => state);
  const holder = await findRecipient(layout);
  const lines = [
    `Target             ${plan.target}`,
    `Backup             every ${plan.everyHours} hours, kept ${plan.retentionDays} days`,
    `Database log       every ${plan.logMinutes} minutes; up to ${plan.spoolGiB ?? 16} GiB wait for the target`,
    `Key service        within a minute of each new or rotated key, kept ${plan.keyRetentionDays} days`,
    `Drill              every ${plan.drillDays} days`,
    `Recipient          ${holder?.recipient ?? call.paint('red', 'none: casemate backup key --out FILE')}`,
  ];
  call.answer(lines.join('\n'), { ...plan, recipient: holder?.recipient ?? null });
  return 'ok';
}

async function usable(target: string, own: readonly string[]): Promise<string> {
  const parsed = parseTarget(target);
  if (parsed.kind !== 'directory') return target;
  await mkdir(parsed.place, { recursive: true, mode: 0o700 });
  const place = await realpath(parsed.place);
  if (own.some((dir) => `${place}/`.startsWith(`${path.resolve(dir)}/`)))
    throw new Fault('Backups must not lie inside the instance that they save', {
      why: `${place} is lost together with it.`,
      next: 'Give a directory on another disk, or another host.',
      code: 'usage',
    });
  return place;
}

const limits = {
  every: { key: 'everyHours', least: 1, most: 168 },
  'log-every': { key: 'logMinutes', least: 1, most: 1440 },
  keep: { key: 'retentionDays', least: 1, most: 3660 },
  'keep-keys': { key: 'keyRetentionDays', least: 1, most: 365 },
  'log-limit': { key: 'spoolGiB', least: 1, most: 10_000 },
  'drill-every': { key: 'drillDays', least: 1, most: 365 },
} as const;

function numbers(call: CommandCall): Partial<BackupPlan> {
  const given: Partial<BackupPlan> = {};
  for (const [flag, { key, least, most }] of Object.entries(limits)) {
    const text = textFlag(call, flag);
    if (text === undefined) continue;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new Fault(`--${flag} needs a whole number from ${least} to ${most}, not "${text}"`, {
        code: 'usage',
      });
    given[key] = value;
  }
  return given;
}
